package io.flotilla.config.validate;

import java.util.regex.Pattern;

/** The syntax of IP addresses, without asking any resolver. */
public final class Addresses {
    private static final Pattern V6_PART = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final int V4_PARTS = 4;
    private static final int MOST_OF_PART = 255;
    private static final int MAX_DIGITS = 3;
    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;
    private static final int V6_PARTS = 8;

    private Addresses() {}

    public static boolean isIp(String text) {
        return isV4(text) || isV6(text);
    }

    /** "10.0.0.0/8", "fd00::/8". */
    public static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return false;
        }
        String address = text.substring(0, slash);
        String bits = text.substring(slash + 1);
        int most = isV4(address) ? V4_BITS : isV6(address) ? V6_BITS : -1;
        int given = decimal(bits, 0, bits.length());
        return given >= 0 && given <= most;
    }

    public static boolean isV4(String text) {
        int at = 0;
        for (int part = 0; part < V4_PARTS; part++) {
            int end = part == V4_PARTS - 1 ? text.length() : text.indexOf('.', at);
            int value = end < 0 ? -1 : decimal(text, at, end);
            if (value < 0 || value > MOST_OF_PART) {
                return false;
            }
            at = end + 1;
        }
        return true;
    }

    /** A number of at most three digits, without a zero before others; -1 where it is none. */
    private static int decimal(String text, int from, int to) {
        if (to <= from || to - from > MAX_DIGITS || (text.charAt(from) == '0' && to - from > 1)) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }

    public static boolean isV6(String text) {
        if (!text.contains(":") || text.contains(":::")) {
            return false;
        }
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        int parts = gap < 0 ? count(text) : count(text.substring(0, gap)) + count(text.substring(gap + 2)) + 1;
        boolean complete = gap < 0 ? parts == V6_PARTS : parts <= V6_PARTS;
        return complete && wellFormed(text, gap);
    }

    private static boolean wellFormed(String text, int gap) {
        return gap < 0 ? partsFit(text) : partsFit(text.substring(0, gap)) && partsFit(text.substring(gap + 2));
    }

    private static boolean partsFit(String text) {
        if (text.isEmpty()) {
            return true;
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean lastV4 = i == parts.length - 1 && isV4(parts[i]);
            if (!lastV4 && !V6_PART.matcher(parts[i]).matches()) {
                return false;
            }
        }
        return true;
    }

    private static int count(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        int parts = text.split(":", -1).length;
        return text.contains(".") ? parts + 1 : parts;
    }
}
