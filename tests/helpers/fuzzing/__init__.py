"""A campaign against whatever comes from outside: files of every kind (`cases`), and requests to the page (`requests`).

    inputs, hostile <- mutations (a module for what a file is made of) <- cases <- runner <- table <- __main__

One number is one case, on any machine. In the project's folder, this runs one again and says all about it:

    PYTHONPATH=.:tests/helpers python -m fuzzing 1234
"""
