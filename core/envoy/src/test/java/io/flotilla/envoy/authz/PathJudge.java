package io.flotilla.envoy.authz;

import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What becomes of a path before policies see it: RFC 3986, 6.2.2, as far as the mesh goes. */
final class PathJudge {
    private static final Pattern ESCAPED = Pattern.compile("%([0-9a-fA-F]{2})");
    private static final String UNRESERVED = "-._~";
    private static final String ESCAPES = "\"<>^`{|}";

    private PathJudge() {}

    /** With the "?", or nothing. */
    static String query(String target) {
        int at = target.indexOf('?');
        return at < 0 ? "" : target.substring(at);
    }

    static String seen(NormalizationType type, String target) {
        String path = target.split("[?#]", 2)[0];
        return switch (type) {
            case NONE -> path;
            case MERGE_SLASHES -> merged(base(path));
            case DECODE_AND_MERGE_SLASHES ->
                merged(base(path.replaceAll("(?i)%2f", "/").replaceAll("(?i)%5c", "\\\\")));
            case DEFAULT, BASE, UNRECOGNIZED -> base(path);
        };
    }

    // Of nothing but slashes Envoy leaves two.
    private static String merged(String path) {
        return path.matches("//+") ? "//" : path.replaceAll("/+", "/");
    }

    private static String base(String path) {
        String[] segments = Arrays.stream(path.split("/", -1))
                .map(PathJudge::withoutParameters)
                .collect(Collectors.joining("/"))
                .replace('\\', '/')
                .split("/", -1);
        Deque<String> kept = new ArrayDeque<>();
        for (int i = 1; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            switch (plain(segments[i])) {
                case "." -> {
                    if (last) {
                        kept.addLast("");
                    }
                }
                case ".." -> {
                    kept.pollLast();
                    if (last) {
                        kept.addLast("");
                    }
                }
                default -> kept.addLast(plain(segments[i]));
            }
        }
        return "/" + String.join("/", kept);
    }

    // A parameter does not keep a dot segment from being one, unless its dots are escaped.
    private static String withoutParameters(String segment) {
        return segment.startsWith(".;") || segment.startsWith("..;")
                ? segment.substring(0, segment.indexOf(';'))
                : segment;
    }

    private static String plain(String segment) {
        StringBuilder escaped = new StringBuilder();
        ESCAPED.matcher(segment)
                .replaceAll(found -> {
                    char is = (char) Integer.parseInt(found.group(1), 16);
                    return (Character.isLetterOrDigit(is) && is < 128) || UNRESERVED.indexOf(is) >= 0
                            ? String.valueOf(is)
                            : found.group();
                })
                .chars()
                .forEach(c -> escaped.append(ESCAPES.indexOf(c) < 0 ? "" + (char) c : "%%%02X".formatted(c)));
        return escaped.toString();
    }
}
