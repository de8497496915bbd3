"""What a written date means."""
