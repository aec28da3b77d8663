package io.flotilla.config.validate;

import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Spelling;
import java.util.List;

/** How objects of Mixer name each other: "NAME", "NAME.KIND", "NAME.NAMESPACE" or "NAME.KIND.NAMESPACE". */
final class MixerNames {
    private static final int FULL = 3;

    private MixerNames() {}

    /**
     * A reference to a handler or an instance.
     *
     * @param kinds that it may name
     */
    static void reference(String text, List<String> kinds, FieldPath at, Check check) {
        String[] parts = text.split("\\.", -1);
        boolean fits = parts.length <= FULL;
        for (String part : parts) {
            fits &= Names.isLabel(part);
        }
        if (!fits) {
            check.error(
                    "FL0415",
                    at,
                    "\"" + text + "\" is no reference; write NAME, NAME.KIND, NAME.NAMESPACE or NAME.KIND.NAMESPACE");
        } else if (parts.length == FULL && !kinds.contains(parts[1])) {
            check.error(
                    "FL0415",
                    at,
                    "unknown kind \"" + parts[1] + "\"" + Spelling.suggestion(parts[1], kinds) + " in \"" + text
                            + "\", of which the parts are NAME.KIND.NAMESPACE");
        }
    }

    /** "HOST:PORT", or "DNS:///HOST:PORT" as gRPC writes it. */
    static boolean isAddress(String text) {
        String address = text.replaceFirst("^[a-z]+:///?", "");
        int colon = address.lastIndexOf(':');
        if (colon <= 0) {
            return false;
        }
        String host = address.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        return isPort(address.substring(colon + 1))
                && (bracketed ? Addresses.isV6(bare) : Addresses.isV4(bare) || Names.isHost(bare));
    }

    static boolean isPort(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65_535;
    }
}
