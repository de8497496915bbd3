"""Whatever a publisher sends becomes one clean article: an Entry in, an Article out. Pure."""
