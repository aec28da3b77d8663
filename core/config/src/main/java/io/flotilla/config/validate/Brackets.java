package io.flotilla.config.validate;

import java.util.ArrayDeque;
import java.util.Deque;

/** Whether brackets and quotes of an expression are closed in order. */
final class Brackets {
    private Brackets() {}

    static boolean balanced(String expression) {
        Deque<Character> open = new ArrayDeque<>();
        char quote = 0;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
                continue;
            }
            switch (c) {
                case '\'', '"' -> quote = c;
                case '(' -> open.push(')');
                case '[' -> open.push(']');
                case '{' -> open.push('}');
                case ')', ']', '}' -> {
                    if (open.isEmpty() || open.pop() != c) {
                        return false;
                    }
                }
                default -> {
                    // Anything else stands for itself.
                }
            }
        }
        return quote == 0 && open.isEmpty();
    }
}
