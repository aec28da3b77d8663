package io.flotilla.envoy.authz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What tokens mean, from the documentation alone. */
final class TokenJudge {
    private static final List<String> LISTS = List.of("scope", "permission");

    private TokenJudge() {}

    /** Whether a request with this token passes; without any it does. */
    static boolean passes(Bearer bearer) {
        return bearer.sent().isEmpty()
                || (bearer.good()
                        && (Bearer.issuer(bearer.claims()).equals(Tokenizer.ANY)
                                || (Bearer.issuer(bearer.claims()).equals(Tokenizer.SHOP)
                                        && texts(bearer.claims().get("aud")).contains("shop"))));
    }

    /** "ISSUER/SUBJECT"; empty without a token. */
    static String principal(Bearer bearer) {
        return bearer.sent().isEmpty()
                ? ""
                : bearer.claims().get("iss") + "/" + bearer.claims().get("sub");
    }

    /** The texts of what "request.auth.claims[a][b]" and the like name; nothing where it is not there. */
    static Optional<List<String>> values(String key, Bearer bearer) {
        if (bearer.sent().isEmpty()) {
            return Optional.empty();
        }
        return switch (key) {
            case "request.auth.audiences" -> claim(List.of("aud"), bearer);
            case "request.auth.presenter" -> claim(List.of("azp"), bearer);
            default ->
                claim(
                        Arrays.asList(key.substring("request.auth.claims[".length(), key.length() - 1)
                                .split("]\\[", -1)),
                        bearer);
        };
    }

    private static Optional<List<String>> claim(List<String> path, Bearer bearer) {
        Object at = bearer.claims();
        for (String name : path) {
            if (!(at instanceof Map<?, ?> map) || !map.containsKey(name)) {
                return Optional.empty();
            }
            at = map.get(name);
        }
        boolean list = LISTS.contains(path.getFirst())
                || (path.getFirst().equals("roles")
                        && Bearer.issuer(bearer.claims()).equals(Tokenizer.ANY));
        return Optional.of(list && at instanceof String text ? Arrays.asList(text.split(" ", -1)) : texts(at));
    }

    private static List<String> texts(@org.jspecify.annotations.Nullable Object value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof String text) {
            texts.add(text);
        } else if (value instanceof List<?> list) {
            list.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .forEach(texts::add);
        }
        return texts;
    }
}
