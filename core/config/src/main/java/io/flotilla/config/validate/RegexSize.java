package io.flotilla.config.validate;

/**
 * How many steps a regular expression of RE2 is compiled to, about: repetitions are written out, so that nested ones
 * multiply. Counted before anything is compiled, in one pass.
 */
final class RegexSize {
    private static final long TOO_MANY = 1L << 40;

    private final String regex;
    private int at;

    private RegexSize(String regex) {
        this.regex = regex;
    }

    /** At least 0; of expressions that are broken, what is counted until the end. */
    static long of(String regex) {
        RegexSize size = new RegexSize(regex);
        long total = 0;
        while (size.at < regex.length()) {
            total += size.sequence(0);
            size.at++;
        }
        return total;
    }

    /** Up to the closing parenthesis of the group, or to the end. */
    private long sequence(int depth) {
        long total = 0;
        while (at < regex.length() && regex.charAt(at) != ')') {
            long one = item(depth);
            total = Math.min(TOO_MANY, total + one * repetition());
        }
        return total;
    }

    private long item(int depth) {
        char c = regex.charAt(at++);
        return switch (c) {
            case '\\' -> {
                at++;
                yield 1;
            }
            case '[' -> {
                characterClass();
                yield 1;
            }
            case '(' -> {
                long inner = depth > regex.length() ? 1 : sequence(depth + 1);
                at++;
                yield inner + 2;
            }
            default -> 1;
        };
    }

    private void characterClass() {
        if (at < regex.length() && regex.charAt(at) == '^') {
            at++;
        }
        int first = at;
        while (at < regex.length() && (regex.charAt(at) != ']' || at == first)) {
            at += regex.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    /** How often the item before is written out: "{2,5}" is 5 times, "{3,}" and "+" once more than the least. */
    private long repetition() {
        if (at >= regex.length() || regex.charAt(at) != '{') {
            return 1;
        }
        int end = regex.indexOf('}', at);
        if (end < 0) {
            return 1;
        }
        String[] bounds = regex.substring(at + 1, end).split(",", -1);
        long least = number(bounds[0]);
        long most = bounds.length < 2 ? least : bounds[1].isEmpty() ? least + 1 : number(bounds[1]);
        if (least < 0 || most < 0) {
            return 1;
        }
        at = end + 1;
        return Math.max(1, Math.max(least, most)) * repetition();
    }

    private static long number(String digits) {
        return digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(Character::isDigit)
                ? -1
                : Long.parseLong(digits);
    }
}
