"""One function a command or a task of the page: what is asked in, files and facts out."""
