package io.flotilla.config.validate;

import java.util.regex.Pattern;

/** The syntax of IP addresses, without asking any resolver. */
public final class Addresses {
    private static final Pattern V4_PART = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern V6_PART = Pattern.compile("[0-9a-fA-F]{1,4}");
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
        return V4_PART.matcher(bits).matches() && Integer.parseInt(bits) <= most;
    }

    public static boolean isV4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (!V4_PART.matcher(part).matches() || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
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
