"""What Newscast costs on AWS: prices, measured use, and the bill that they make. Pure, quick to import."""
