//! GitHub: github.com, Enterprise Cloud with data residency, Enterprise Server.
