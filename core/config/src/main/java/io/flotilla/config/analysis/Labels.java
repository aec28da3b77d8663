package io.flotilla.config.analysis;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Selection by labels. */
public final class Labels {
    private Labels() {}

    /** All pairs of the selector are among the labels; an empty selector fits everything. */
    public static boolean fit(Map<String, String> selector, Map<String, String> labels) {
        for (Map.Entry<String, String> pair : selector.entrySet()) {
            if (!pair.getValue().equals(labels.get(pair.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /** "app=reviews,version=v1". */
    public static String text(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(pair -> pair.getKey() + "=" + pair.getValue())
                        .collect(Collectors.joining(","));
    }
}
