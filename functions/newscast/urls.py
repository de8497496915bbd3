"""One canonical form of a URL."""
