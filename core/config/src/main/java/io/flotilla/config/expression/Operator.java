package io.flotilla.config.expression;

import java.util.Arrays;
import java.util.Optional;

/** Operators between two operands. Of one level the left binds first; a higher level binds before a lower one. */
public enum Operator {
    OR("||", 1),
    AND("&&", 2),
    EQUAL("==", 3),
    NOT_EQUAL("!=", 3),
    LESS("<", 3),
    AT_MOST("<=", 3),
    GREATER(">", 3),
    AT_LEAST(">=", 3),
    PLUS("+", 4),
    /** The left operand where it is present, else the right one. */
    DEFAULT("|", 4);

    static final int LEAST_LEVEL = 1;

    private final String symbol;
    private final int level;

    Operator(String symbol, int level) {
        this.symbol = symbol;
        this.level = level;
    }

    public String symbol() {
        return symbol;
    }

    int level() {
        return level;
    }

    static Optional<Operator> of(String symbol) {
        return Arrays.stream(values())
                .filter(operator -> operator.symbol.equals(symbol))
                .findFirst();
    }
}
