//! Plain functions over text: what of a comment is spoken, cleaning, shortening.
