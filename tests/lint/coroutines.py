"""Every co_await stands in one of the forms that g++ 12.2 compiles correctly.

    co_await f(names);      auto x = co_await f(names);      co_return co_await f(names);

Arguments are named values, literals or plain calls. The other shapes (in a condition, in ?:, beside a second
co_await, with a braced aggregate or a lambda in the awaited call) are accepted by this compiler without a warning
and may destroy a temporary twice or never. CONTRIBUTING.md tells more. Usage: coroutines.py ROOT
"""

import sys

import source

CLOSES = {"(": ")", "[": "]", "{": "}"}
OPERATORS = {"+", "/", "%", "|", "||", "&&", "==", "!=", "<=", ">=", "<<", ">>", "^", "=", "++", "--", "<=>", "!", "~", "new"}
OPERATORS |= {operator + "=" for operator in ("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>")}


def partners(tokens):
    """Index of the matching bracket, both ways."""
    partner, open_ = {}, []
    for i, token in enumerate(tokens):
        if token.text in CLOSES:
            open_.append(i)
        elif token.text in CLOSES.values() and open_ and CLOSES[tokens[open_[-1]].text] == token.text:
            partner[i] = open_.pop()
            partner[partner[i]] = i
    return partner


def is_operand(text):
    return text in (")", "]", '""') or text[0].isalnum() or text[0] == "_"


def lambda_bodies(tokens, partner):
    """(begin, end, captures) of each lambda."""
    found = []
    for i, token in enumerate(tokens):
        before = tokens[i - 1].text if i else ";"
        if token.text != "[" or i not in partner or before in ("[", "auto"):
            continue
        if is_operand(before) and before not in ("return", "co_return", "co_yield", "else"):
            continue  # a subscript
        end = partner[i]
        j = end + 1
        if before in ("&", "&&") and j < len(tokens) and tokens[j].text in ("=", ":"):
            continue  # auto& [a, b] = …
        while j < len(tokens) and tokens[j].text not in ("{", ";", "}", ")", "]"):
            j = partner.get(j, j) + 1 if tokens[j].text == "(" else j + 1
        if j < len(tokens) and tokens[j].text == "{" and j in partner:
            found.append((j, partner[j], end - i - 1))
    return found


def begins_statement(tokens, i, partner):
    """Whether token i is the first of a statement, judged by what stands before it."""
    before = tokens[i - 1].text if i else ";"
    if before in (";", "{", "}", "else", "do"):
        return True
    if before == ")" and i - 1 in partner:
        head = tokens[partner[i - 1] - 1].text
        return head in ("if", "for", "while", "constexpr", "switch")
    if before == ":":
        j = i - 2
        while j >= 0 and tokens[j].text not in (";", "{", "}", "?"):
            if tokens[j].text in ("case", "default"):
                return True
            j -= 1
    return False


def template_angles(texts):
    """Indices of the < and > that hold the arguments of a template: behind them stands ( or ::, or the end of another's."""
    found, open_ = set(), []
    for i, text in enumerate(texts):
        if text == "<":
            open_.append(i)
        elif text == ">" and open_ and texts[i + 1 : i + 2] in (["("], ["::"], [">"], [","]):
            found |= {open_.pop(), i}
        elif text in CLOSES or text in CLOSES.values():
            open_.clear()
    return found


def operand_fault(operand):
    """What is wrong with the text between co_await and the semicolon, or None."""
    texts = [token.text for token in operand]
    if not texts or not (texts[0] == "::" or texts[0][0].isalpha() or texts[0][0] == "_"):
        return "await a call: co_await f(names);"
    if texts[-1] != ")":
        if "this_coro" in texts[:-1] and "(" not in texts:
            return None
        return "await a call: co_await f(names);"
    angles, depth = template_angles(texts), 0
    for i, text in enumerate(texts):
        if text in ("<", ">") and i not in angles:
            return f"operator {text} in the awaited call: name the result in a statement of its own"
        depth += {"(": 1, "[": 1, "<": 1, ")": -1, "]": -1, ">": -1}.get(text, 0)
        if text == "," and depth == 0:
            return "operator , behind the awaited call: make it a statement of its own"
        if text in ("{", "}"):
            return "braces in the awaited call: name the value in a statement of its own"
        if text == "[" and not is_operand(texts[i - 1]):
            return "a lambda in the awaited call: name it in a statement of its own"
        if text == "?":
            return "?: in the awaited call"
        if text in OPERATORS:
            return f"operator {text} in the awaited call: name the result in a statement of its own"
        if text in ("*", "-", "&") and is_operand(texts[i - 1]) and texts[i - 1] != "return":
            return f"operator {text} in the awaited call: name the result in a statement of its own"
    return None


def fault_at(tokens, i, partner, lambdas):
    """What is wrong with the co_await at i, or None."""
    around = [j for j, k in partner.items() if j < i < k]
    innermost = max(around, default=None)
    if innermost is None or tokens[innermost].text != "{":
        return "co_await inside parentheses: a condition, an argument or a second co_await in the statement"
    for j in around:
        if tokens[j].text == "{" and tokens[j - 1].text == ")" and j - 1 in partner:
            if tokens[partner[j - 1] - 1].text == "catch":
                return "co_await in catch"
    for begin, end, captures in lambdas:
        if begin < i < end and captures:
            return "a lambda coroutine with captures: its captures die with the lambda, not with the coroutine"
    texts = [token.text for token in tokens[max(0, i - 4) : i]]
    start = i
    if texts[-1:] == ["="]:
        if len(texts) < 3 or texts[-3] != "auto":
            return "keep the result as: auto x = co_await f(names);"
        start = i - 4 if texts[-4:-3] == ["const"] else i - 3
    elif texts[-1:] == ["co_return"]:
        start = i - 1
    if not begins_statement(tokens, start, partner):
        return "co_await must be the whole statement, the value of auto x = …; or of co_return"
    end = i + 1
    while end < len(tokens) and tokens[end].text != ";":
        if tokens[end].text in CLOSES.values():
            return "co_await inside braces of a value"
        if tokens[end].text == "co_await":
            return "a second co_await in the statement"
        if tokens[end].text in CLOSES and end in partner:
            inner = [token.text for token in tokens[end : partner[end]]]
            if "co_await" in inner and "{" not in inner:
                return "a second co_await in the statement"
            end = partner[end]
        end += 1
    return operand_fault(tokens[i + 1 : end])


def faults(text):
    """(line, what) for every co_await or co_yield of a C++ text that is not in one of the forms."""
    tokens = source.tokens(text)
    partner = partners(tokens)
    lambdas = lambda_bodies(tokens, partner)
    found = []
    for i, token in enumerate(tokens):
        if token.text == "co_yield":
            found.append((token.line, "co_yield is not used here"))
        elif token.text.startswith("#") and "co_await" in token.text:
            found.append((token.line, "co_await in a macro hides its form"))
        elif token.text == "co_await":
            what = fault_at(tokens, i, partner, lambdas)
            if what:
                found.append((token.line, what))
    return found


def main(root):
    paths = source.files(root, ["lib", "daemon", "tests"], source.CPP)
    found = [f"{path}:{line}: {what}" for path in paths for line, what in faults(source.read(root, path))]
    return source.report("coroutines", found, len(paths))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
