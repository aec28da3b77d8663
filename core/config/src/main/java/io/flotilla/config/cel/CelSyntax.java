package io.flotilla.config.cel;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a text is an expression of CEL, by the whole grammar of its language definition, macros included; what
 * its names mean only the proxy knows. Nested at most {@value #MAX_DEPTH} deep, of at most {@value #MAX_LENGTH} characters.
 */
public final class CelSyntax {
    static final int MAX_DEPTH = 100;
    static final int MAX_LENGTH = 10_000;

    /** Operators between two operands, from the weakest. */
    private static final List<Set<String>> BINARY = List.of(
            Set.of("||"),
            Set.of("&&"),
            Set.of("<", "<=", ">", ">=", "==", "!=", "in"),
            Set.of("+", "-"),
            Set.of("*", "/", "%"));

    /** Words that no name may be. */
    private static final Set<String> RESERVED = Set.of(
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    /** Macros on lists and maps: the first argument is a name, and this many there may be. */
    private static final Map<String, Set<Integer>> MACROS = Map.of(
            "all", Set.of(2), "exists", Set.of(2), "exists_one", Set.of(2), "filter", Set.of(2), "map", Set.of(2, 3));

    private final Lexer lexer;
    private Token token;
    private int depth;
    /** The operand that comes next has one minus before it. */
    private boolean negated;

    private CelSyntax(String text) throws NoExpression {
        this.lexer = new Lexer(text);
        this.token = lexer.next();
    }

    /** What an operand is, as far as macros and messages ask. */
    private enum Shape {
        NAME,
        /** Something with a field chosen. */
        SELECTION,
        OTHER
    }

    /**
     * An operand.
     *
     * @param typeName it is made of names and dots alone, so that it may name a type
     */
    private record Operand(Shape shape, boolean typeName) {
        static final Operand OTHER = new Operand(Shape.OTHER, false);
    }

    /** What is wrong with a text; empty where it is an expression. */
    public static Optional<CelProblem> problem(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.of(new CelProblem(1, "has " + text.length() + " characters; at most " + MAX_LENGTH));
        }
        try {
            CelSyntax syntax = new CelSyntax(text);
            if (syntax.token.kind() == Token.Kind.END) {
                return Optional.of(new CelProblem(1, "is empty"));
            }
            syntax.expression();
            if (syntax.token.kind() != Token.Kind.END) {
                throw syntax.unexpected("an operator or the end");
            }
            return Optional.empty();
        } catch (NoExpression e) {
            return Optional.of(e.problem());
        }
    }

    private Operand expression() throws NoExpression {
        if (++depth > MAX_DEPTH) {
            throw new NoExpression(token.at(), "is nested deeper than " + MAX_DEPTH);
        }
        Operand first = binary(0);
        if (token.is("?")) {
            advance();
            binary(0);
            expect(":");
            expression();
            first = Operand.OTHER;
        }
        depth--;
        return first;
    }

    private Operand binary(int level) throws NoExpression {
        Operand first = level == BINARY.size() - 1 ? unary() : binary(level + 1);
        while (isOperator(level)) {
            advance();
            first = Operand.OTHER;
            if (level == BINARY.size() - 1) {
                unary();
            } else {
                binary(level + 1);
            }
        }
        return first;
    }

    private boolean isOperator(int level) {
        return BINARY.get(level).stream().anyMatch(token::is);
    }

    private Operand unary() throws NoExpression {
        boolean signed = token.is("!") || token.is("-");
        String sign = token.text();
        int signs = 0;
        while (signed && token.is(sign)) {
            signs++;
            advance();
        }
        negated = signs == 1 && sign.equals("-");
        Operand operand = member();
        return signed ? Operand.OTHER : operand;
    }

    private Operand member() throws NoExpression {
        Operand operand = primary();
        while (true) {
            if (token.is(".")) {
                advance();
                operand = selected(operand);
            } else if (token.is("[")) {
                advance();
                expression();
                expect("]");
                operand = Operand.OTHER;
            } else if (token.is("{") && operand.typeName()) {
                advance();
                fields();
                operand = Operand.OTHER;
            } else {
                return operand;
            }
        }
    }

    /** A field, or a method with its arguments. */
    private Operand selected(Operand of) throws NoExpression {
        Token name = field("a name after the dot");
        if (!token.is("(")) {
            return new Operand(Shape.SELECTION, of.typeName());
        }
        List<Operand> arguments = arguments();
        Set<Integer> macro = MACROS.get(name.text());
        if (macro != null
                && macro.contains(arguments.size())
                && arguments.getFirst().shape() != Shape.NAME) {
            throw new NoExpression(name.at(), "the first argument of \"" + name.text() + "\" must be a name");
        }
        return Operand.OTHER;
    }

    private Operand primary() throws NoExpression {
        boolean least = negated;
        negated = false;
        if (token.is("-")) {
            // "!-1": what other operators leave of a minus is the sign of a number.
            advance();
            if (token.kind() != Token.Kind.LEAST && !token.text().matches("[.0-9].*")) {
                throw unexpected("a number");
            }
            least = true;
        }
        if (token.kind() == Token.Kind.LEAST && !least) {
            throw new NoExpression(token.at(), "is a number of more than 64 bits");
        }
        if (token.kind() == Token.Kind.LEAST
                || token.kind() == Token.Kind.LITERAL
                || token.is("true")
                || token.is("false")
                || token.is("null")) {
            advance();
            return Operand.OTHER;
        }
        if (token.is("(")) {
            advance();
            Operand inner = expression();
            expect(")");
            return new Operand(inner.shape(), false);
        }
        if (token.is("[")) {
            advance();
            items("]");
            return Operand.OTHER;
        }
        if (token.is("{")) {
            advance();
            entries();
            return Operand.OTHER;
        }
        if (token.is(".")) {
            advance();
        }
        Token name = name();
        if (!token.is("(")) {
            return new Operand(Shape.NAME, true);
        }
        List<Operand> arguments = arguments();
        if (name.text().equals("has")
                && (arguments.size() != 1 || arguments.getFirst().shape() != Shape.SELECTION)) {
            throw new NoExpression(name.at(), "\"has\" takes one argument, a field: has(a.b)");
        }
        return Operand.OTHER;
    }

    private Token name() throws NoExpression {
        if (RESERVED.contains(token.text())) {
            throw new NoExpression(token.at(), "\"" + token.text() + "\" is a reserved word");
        }
        return field("a value");
    }

    /** A name that may be a reserved word. */
    private Token field(String wanted) throws NoExpression {
        Token name = token;
        if (name.kind() != Token.Kind.NAME) {
            throw unexpected(wanted);
        }
        advance();
        return name;
    }

    private List<Operand> arguments() throws NoExpression {
        advance();
        List<Operand> arguments = new java.util.ArrayList<>();
        while (!token.is(")")) {
            if (!arguments.isEmpty()) {
                expect(",");
            }
            arguments.add(expression());
        }
        advance();
        return arguments;
    }

    /** Up to the closing symbol; a comma may stand before it. */
    private void items(String close) throws NoExpression {
        while (!token.is(close)) {
            expression();
            if (!token.is(close)) {
                expect(",");
            }
        }
        advance();
    }

    private void entries() throws NoExpression {
        while (!token.is("}")) {
            expression();
            expect(":");
            expression();
            if (!token.is("}")) {
                expect(",");
            }
        }
        advance();
    }

    private void fields() throws NoExpression {
        while (!token.is("}")) {
            field("the name of a field");
            expect(":");
            expression();
            if (!token.is("}")) {
                expect(",");
            }
        }
        advance();
    }

    private void expect(String symbol) throws NoExpression {
        if (!token.is(symbol)) {
            throw unexpected("\"" + symbol + "\"");
        }
        advance();
    }

    private void advance() throws NoExpression {
        token = lexer.next();
    }

    private NoExpression unexpected(String wanted) {
        return new NoExpression(token.at(), "expected " + wanted + ", not " + token.shown());
    }
}
