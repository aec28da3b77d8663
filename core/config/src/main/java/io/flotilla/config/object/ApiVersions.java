package io.flotilla.config.object;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The order of API versions, as Kubernetes has it: v1 over v1beta2 over v1beta1 over v1alpha3. */
final class ApiVersions {
    private static final Pattern VERSION = Pattern.compile("v(\\d{1,6})(?:(alpha|beta)(\\d{1,6}))?");

    /** Oldest first; what is no version comes before all. */
    static final Comparator<String> ORDER = Comparator.comparingInt(ApiVersions::stability)
            .thenComparingInt(version -> number(version, 1))
            .thenComparingInt(version -> number(version, 3))
            .thenComparing(Comparator.naturalOrder());

    private ApiVersions() {}

    private static int stability(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            return 0;
        }
        String stage = parts.group(2);
        return stage == null ? 3 : stage.equals("beta") ? 2 : 1;
    }

    private static int number(String version, int group) {
        Matcher parts = VERSION.matcher(version);
        return parts.matches() && parts.group(group) != null ? Integer.parseInt(parts.group(group)) : 0;
    }
}
