package io.flotilla.envoy.coverage;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Why fields are not translated. */
final class Reasons {
    private Reasons() {}

    /** The reason for this path, or for something that it is in. */
    static @Nullable String of(String path, SortedMap<String, String> reasons) {
        String exact = reasons.get(path);
        String above = path + ".";
        while (exact == null && above.contains(".")) {
            above = above.substring(0, above.lastIndexOf('.'));
            exact = reasons.get(above + ".*");
        }
        return exact;
    }
}
