"""Text and pictures in file formats, whatever they tell."""
