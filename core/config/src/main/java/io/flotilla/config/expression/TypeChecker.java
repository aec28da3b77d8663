package io.flotilla.config.expression;

import io.flotilla.config.expression.ExpressionProblem.Kind;
import io.flotilla.config.schema.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides the type of an expression over a vocabulary, and finds all that does not fit. What follows from an unknown
 * attribute is not reported a second time.
 */
public final class TypeChecker {
    private final Vocabulary vocabulary;
    private final List<ExpressionProblem> problems = new ArrayList<>();

    private TypeChecker(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /**
     * What was found out.
     *
     * @param type     of the whole; empty where an unknown attribute or another problem leaves it open
     * @param problems in the order of the text
     */
    public record Typed(Optional<ExpressionType> type, List<ExpressionProblem> problems) {
        public Typed {
            problems = List.copyOf(problems);
        }
    }

    /** The type that the expression has by itself. */
    public static Typed infer(Expression expression, Vocabulary vocabulary) {
        TypeChecker checker = new TypeChecker(vocabulary);
        ExpressionType type = checker.type(expression);
        return new Typed(Optional.ofNullable(type), checker.problems);
    }

    /** As {@link #infer}; it is a problem if the type is not the wanted one. */
    public static Typed check(Expression expression, ExpressionType wanted, Vocabulary vocabulary) {
        TypeChecker checker = new TypeChecker(vocabulary);
        checker.want(wanted, expression, "the value");
        return new Typed(checker.problems.isEmpty() ? Optional.of(wanted) : Optional.empty(), checker.problems);
    }

    private @Nullable ExpressionType type(Expression expression) {
        return switch (expression) {
            case Expression.Text text -> ExpressionType.STRING;
            case Expression.Whole whole -> ExpressionType.INT64;
            case Expression.Real real -> ExpressionType.DOUBLE;
            case Expression.Truth truth -> ExpressionType.BOOL;
            case Expression.Attribute attribute -> attribute(attribute);
            case Expression.Index(Expression map, Expression key, int position) -> {
                want(ExpressionType.STRING_MAP, map, "what stands before \"[\"");
                want(ExpressionType.STRING, key, "the key");
                yield ExpressionType.STRING;
            }
            case Expression.Binary binary -> binary(binary);
            case Expression.Call call -> call(call);
        };
    }

    private @Nullable ExpressionType attribute(Expression.Attribute attribute) {
        Optional<ExpressionType> type = vocabulary.type(attribute.name());
        if (type.isEmpty() && attribute.name().startsWith("$")) {
            problem(
                    Kind.UNKNOWN_OUTPUT,
                    attribute.position(),
                    "there is no output \"" + attribute.name() + "\""
                            + Spelling.suggestion(attribute.name(), vocabulary.names()));
        } else if (type.isEmpty()) {
            problem(Kind.UNKNOWN_ATTRIBUTE, attribute.position(), unknown(attribute.name()));
        }
        return type.orElse(null);
    }

    /** "source.labels.app" is meant as source.labels["app"]. */
    private String unknown(String name) {
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            String map = name.substring(0, dot);
            if (vocabulary.type(map).filter(ExpressionType.STRING_MAP::equals).isPresent()) {
                return "unknown attribute \"" + name + "\"; a value of a map is written " + map + "[\""
                        + name.substring(dot + 1) + "\"]";
            }
        }
        return "unknown attribute \"" + name + "\"" + Spelling.suggestion(name, vocabulary.names());
    }

    private @Nullable ExpressionType binary(Expression.Binary binary) {
        String symbol = "\"" + binary.operator().symbol() + "\"";
        return switch (binary.operator()) {
            case OR, AND -> {
                want(ExpressionType.BOOL, binary.left(), "the left side of " + symbol);
                want(ExpressionType.BOOL, binary.right(), "the right side of " + symbol);
                yield ExpressionType.BOOL;
            }
            case EQUAL, NOT_EQUAL -> {
                same(binary.left(), binary.right(), binary.position(), "both sides of " + symbol);
                yield ExpressionType.BOOL;
            }
            case LESS, AT_MOST, GREATER, AT_LEAST -> {
                ExpressionType type = same(binary.left(), binary.right(), binary.position(), "both sides of " + symbol);
                if (type != null && !type.ordered()) {
                    problem(Kind.TYPE, binary.position(), symbol + " does not compare values of type " + type);
                }
                yield ExpressionType.BOOL;
            }
            case PLUS -> {
                ExpressionType type = same(binary.left(), binary.right(), binary.position(), "both sides of " + symbol);
                if (type != null && !type.addable()) {
                    problem(Kind.TYPE, binary.position(), symbol + " does not add values of type " + type);
                }
                yield type;
            }
            case DEFAULT -> same(binary.left(), binary.right(), binary.position(), "both sides of " + symbol);
        };
    }

    /** The common type; text in quotes takes the type of the other side, if it can. */
    private @Nullable ExpressionType same(Expression left, Expression right, int position, String what) {
        boolean literals = isText(left) && isText(right);
        if (!literals && isText(left)) {
            return adapted(type(right), left, what);
        }
        ExpressionType type = type(left);
        if (!literals && isText(right)) {
            return adapted(type, right, what);
        }
        ExpressionType other = type(right);
        if (type == null || other == null) {
            return type == null ? other : type;
        }
        if (type != other) {
            problem(Kind.TYPE, position, what + " must be of one type, not " + type + " and " + other);
            return null;
        }
        return type;
    }

    private @Nullable ExpressionType adapted(@Nullable ExpressionType type, Expression text, String what) {
        if (type != null) {
            want(type, text, what);
        }
        return type;
    }

    private static boolean isText(Expression expression) {
        return expression instanceof Expression.Text;
    }

    private @Nullable ExpressionType call(Expression.Call call) {
        Function function = call.function();
        int offset = function.method() ? 1 : 0;
        if (call.arguments().size() != function.arity()) {
            problem(
                    Kind.TYPE,
                    call.position(),
                    "\"" + function.symbol() + "\" takes " + (function.arity() - offset) + " arguments, not "
                            + (call.arguments().size() - offset));
            return function == Function.CONDITIONAL ? null : function.result();
        }
        for (int i = 0; i < function.parameters().size(); i++) {
            String what = i < offset
                    ? "what stands before \"." + function.symbol() + "\""
                    : "argument " + (i + 1 - offset) + " of \"" + function.symbol() + "\"";
            want(function.parameters().get(i), call.arguments().get(i), what);
        }
        if (function == Function.CONDITIONAL) {
            return same(
                    call.arguments().get(1),
                    call.arguments().get(2),
                    call.position(),
                    "arguments 2 and 3 of \"conditional\"");
        }
        Literals.problem(call).ifPresent(problems::add);
        return function.result();
    }

    private void want(ExpressionType wanted, Expression expression, String what) {
        if (expression instanceof Expression.Text(String value, int position) && wanted != ExpressionType.STRING) {
            Literals.problem(value, wanted, position, what).ifPresent(problems::add);
            return;
        }
        if (expression instanceof Expression.Binary binary && binary.operator() == Operator.DEFAULT) {
            want(wanted, binary.left(), what);
            want(wanted, binary.right(), what);
            return;
        }
        ExpressionType type = type(expression);
        if (type != null && type != wanted) {
            problem(Kind.TYPE, expression.position(), what + " must be of type " + wanted + ", not " + type);
        }
    }

    private void problem(Kind kind, int position, String message) {
        problems.add(new ExpressionProblem(kind, position, message));
    }
}
