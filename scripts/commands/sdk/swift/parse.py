"""Parses all Swift below a folder. Prints a line for each place that is no Swift, then how many files there were.

usage: parse.py FOLDER
"""
import pathlib
import sys

import tree_sitter_swift
from tree_sitter import Language, Node, Parser

PARSER = Parser(Language(tree_sitter_swift.language()))


def errors(node: Node):
    if node.type == "ERROR" or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from errors(child)


def main(folder: pathlib.Path) -> None:
    files = sorted(folder.rglob("*.swift"))
    for file in files:
        text = file.read_bytes()
        for error in errors(PARSER.parse(text).root_node):
            line = text.splitlines()[error.start_point.row].decode().strip()
            print(f"{file.relative_to(folder)}: {line}")
    print(f"{len(files)} files")


main(pathlib.Path(sys.argv[1]))
