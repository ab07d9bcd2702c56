"""A campaign against whatever comes from outside: files of every kind (`cases`), and requests to the page (`requests`).

    inputs <- hostile <- mutations (files, texts, rows, markup, databases) <- cases <- runner <- table <- __main__

One number is one case, on any machine. In the project's folder, `PYTHONPATH=tests python -m fuzzing 1234` runs it again.
"""
