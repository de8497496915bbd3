"""What Newscast costs on AWS: prices, measured use, and the bill that both make. Pure, and quick to import."""
