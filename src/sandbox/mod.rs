//! A forge in a box: GitHub's API over a local git repository, for the demo and the tests.
