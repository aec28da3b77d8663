package io.flotilla.config.expression;

import io.flotilla.config.expression.ExpressionProblem.Kind;
import io.flotilla.config.schema.Spelling;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the expression language of Mixer. Its size is bounded, so that whatever is given takes a bounded time and
 * stack: at most {@value #MAX_LENGTH} characters, {@value #MAX_NESTING} brackets inside brackets and
 * {@value #MAX_OPERATORS} operators.
 */
public final class ExpressionParser {
    public static final int MAX_LENGTH = 16_384;
    public static final int MAX_NESTING = 64;
    public static final int MAX_OPERATORS = 256;

    private static final Expression NOTHING = new Expression.Truth(false, 0);
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    private final Lexer lexer;
    private Token token;
    private int nesting;
    private int operators;
    private @Nullable ExpressionProblem problem;

    private ExpressionParser(String text) {
        this.lexer = new Lexer(text);
        this.token = new Token.End(0);
        advance();
    }

    /** Never throws, whatever the text is. */
    public static ParseResult parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return new ParseResult.Broken(new ExpressionProblem(
                    Kind.SIZE, MAX_LENGTH, "an expression has at most " + MAX_LENGTH + " characters"));
        }
        return new ExpressionParser(text).whole();
    }

    private ParseResult whole() {
        if (problem == null && token instanceof Token.End) {
            return new ParseResult.Broken(new ExpressionProblem(Kind.SYNTAX, 0, "the expression is empty"));
        }
        Expression expression = binary(Operator.LEAST_LEVEL);
        if (problem == null && !(token instanceof Token.End)) {
            fail(Kind.SYNTAX, token.position(), token.name() + " is not expected here; an operator is missing");
        }
        ExpressionProblem found = problem;
        return found == null ? new ParseResult.Parsed(expression) : new ParseResult.Broken(found);
    }

    /** After the first problem all words are the end, so that every rule returns. */
    private void advance() {
        token = lexer.next();
        if (token instanceof Token.Bad(String message, int at)) {
            fail(Kind.SYNTAX, at, message);
        }
    }

    private Expression fail(Kind kind, int position, String message) {
        if (problem == null) {
            problem = new ExpressionProblem(kind, position, message);
        }
        token = new Token.End(position);
        return NOTHING;
    }

    private Expression binary(int level) {
        Expression left = postfix();
        while (true) {
            Operator operator = operator();
            if (operator == null || operator.level() < level) {
                return left;
            }
            int position = token.position();
            if (++operators > MAX_OPERATORS) {
                return fail(Kind.SIZE, position, "an expression has at most " + MAX_OPERATORS + " operators");
            }
            advance();
            Expression right = binary(operator.level() + 1);
            left = new Expression.Binary(operator, left, right, position);
        }
    }

    private @Nullable Operator operator() {
        return token instanceof Token.Sign(String sign, int at)
                ? Operator.of(sign).orElse(null)
                : null;
    }

    /** An operand, with the indexes and calls of methods that follow it. */
    private Expression postfix() {
        Expression operand = operand();
        while (problem == null) {
            int position = token.position();
            if (token.is("[")) {
                operand = index(operand, position);
            } else if (token.is(".")) {
                advance();
                if (token instanceof Token.Name(String name, int at) && name.indexOf('.') < 0) {
                    advance();
                    operand = call(name, operand, at);
                } else {
                    fail(Kind.SYNTAX, position, "after \".\" a method is expected, such as startsWith");
                }
            } else {
                return operand;
            }
        }
        return operand;
    }

    private Expression index(Expression map, int position) {
        if (++operators > MAX_OPERATORS) {
            return fail(Kind.SIZE, position, "an expression has at most " + MAX_OPERATORS + " operators");
        }
        Expression key = nested(position);
        expect("]", position);
        return new Expression.Index(map, key, position);
    }

    private Expression nested(int position) {
        if (++nesting > MAX_NESTING) {
            return fail(Kind.SIZE, position, "brackets are nested at most " + MAX_NESTING + " deep");
        }
        advance();
        Expression inner = binary(Operator.LEAST_LEVEL);
        nesting--;
        return inner;
    }

    private void expect(String sign, int opened) {
        if (token.is(sign)) {
            advance();
        } else {
            fail(
                    Kind.SYNTAX,
                    token.position(),
                    "\"" + sign + "\" is expected for the bracket of column " + (opened + 1) + ", not " + token.name());
        }
    }

    private Expression operand() {
        Token first = token;
        return switch (first) {
            case Token.Text(String value, int at) -> taken(new Expression.Text(value, at));
            case Token.Digits number -> taken(number(number, ""));
            case Token.Name(String name, int at) -> {
                advance();
                yield token.is("(") ? named(name, at) : name(name, at);
            }
            case Token.Sign(String sign, int at)
            when sign.equals("(") -> {
                Expression inner = nested(at);
                expect(")", at);
                yield inner;
            }
            case Token.Sign(String sign, int at)
            when sign.equals("-") -> {
                advance();
                yield token instanceof Token.Digits number
                        ? taken(number(number, "-"))
                        : fail(Kind.SYNTAX, at, "there is no \"-\" but in front of a number");
            }
            case Token.Sign sign -> missing(sign);
            case Token.End end -> missing(end);
            case Token.Bad bad -> NOTHING;
        };
    }

    private Expression missing(Token found) {
        return fail(
                Kind.SYNTAX,
                found.position(),
                "a value is expected (an attribute, a call, a number or text in quotes), not " + found.name());
    }

    private Expression taken(Expression operand) {
        advance();
        return operand;
    }

    private static Expression name(String name, int at) {
        return switch (name) {
            case "true" -> new Expression.Truth(true, at);
            case "false" -> new Expression.Truth(false, at);
            default -> new Expression.Attribute(name, at);
        };
    }

    private Expression number(Token.Digits number, String sign) {
        String digits = number.text();
        if (!number.whole()) {
            return real(number, sign + digits);
        }
        Optional<BigInteger> value = Integers.parse(digits).map(each -> sign.isEmpty() ? each : each.negate());
        if (value.isEmpty()) {
            return fail(Kind.SYNTAX, number.position(), digits + " is no number");
        }
        if (value.get().compareTo(LEAST) < 0 || value.get().compareTo(MOST) > 0) {
            return fail(Kind.SYNTAX, number.position(), digits + " is beyond 64 bits");
        }
        return new Expression.Whole(value.get().longValueExact(), number.position());
    }

    private Expression real(Token.Digits number, String text) {
        try {
            double value = Double.parseDouble(text);
            boolean decimal = text.chars().noneMatch(c -> "dDfFxXpP_".indexOf(c) >= 0);
            if (decimal && Double.isFinite(value)) {
                return new Expression.Real(value, number.position());
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        return fail(Kind.SYNTAX, number.position(), number.text() + " is no number");
    }

    /** "match(", or "request.path.startsWith(", of which the last part is the method. */
    private Expression named(String name, int at) {
        int dot = name.lastIndexOf('.');
        return dot < 0
                ? call(name, null, at)
                : call(name.substring(dot + 1), new Expression.Attribute(name.substring(0, dot), at), at + dot + 1);
    }

    private Expression call(String name, @Nullable Expression target, int at) {
        Function function = Function.of(name).orElse(null);
        if (function == null) {
            return fail(
                    Kind.SYNTAX, at, "unknown function \"" + name + "\"" + Spelling.suggestion(name, Function.names()));
        }
        if (function.method() != (target != null)) {
            return fail(
                    Kind.SYNTAX,
                    at,
                    function.method()
                            ? "\"" + name + "\" is called on a text: \"...\"." + name + "(...)"
                            : "\"" + name + "\" is called on nothing: " + name + "(...)");
        }
        if (!token.is("(")) {
            return fail(Kind.SYNTAX, token.position(), "\"(\" is expected after \"" + name + "\"");
        }
        List<Expression> arguments = new ArrayList<>();
        if (target != null) {
            arguments.add(target);
        }
        arguments(arguments);
        return new Expression.Call(function, arguments, at);
    }

    private void arguments(List<Expression> arguments) {
        int opened = token.position();
        if (++operators > MAX_OPERATORS || ++nesting > MAX_NESTING) {
            fail(Kind.SIZE, opened, "an expression has at most " + MAX_OPERATORS + " operators, nested " + MAX_NESTING);
            return;
        }
        advance();
        if (!token.is(")")) {
            arguments.add(binary(Operator.LEAST_LEVEL));
            while (token.is(",")) {
                advance();
                arguments.add(binary(Operator.LEAST_LEVEL));
            }
        }
        expect(")", opened);
        nesting--;
    }
}
