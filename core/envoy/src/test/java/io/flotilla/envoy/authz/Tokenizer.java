package io.flotilla.envoy.authz;

import io.flotilla.api.security.v1beta1.JWTRule;
import io.flotilla.config.authentication.TokenReader;
import io.flotilla.config.authentication.TokenRule;
import io.flotilla.envoy.jwt.Issuer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Tokens at random, of two issuers who are believed and of others. */
final class Tokenizer {
    /** Believed for any audience. */
    static final String ANY = "https://a.example.com";

    /** Believed for the audience "shop". */
    static final String SHOP = "https://b.example.com/x";

    private static final int SOME = 24;
    private static final long LATER = 4_000_000_000L;

    private final Issuer any;
    private final Issuer shop;
    private final List<Bearer> made = new ArrayList<>();

    Tokenizer(Random random) throws GeneralSecurityException {
        this.any = new Issuer("a");
        this.shop = new Issuer("b");
        Issuer stranger = new Issuer("a");
        for (int i = 0; i < SOME; i++) {
            Map<String, Object> claims = claims(random);
            boolean bad = random.nextInt(8) == 0;
            boolean late = bad && random.nextBoolean();
            claims.put("exp", late ? 1_000_000_000 : (int) (LATER / 2));
            String issuer = Bearer.issuer(claims);
            Issuer signs = bad && !late ? stranger : issuer.equals(SHOP) ? shop : any;
            made.add(new Bearer(signs.token(Bearer.json(claims)), !bad, claims));
        }
    }

    /** The rules that believe them. */
    List<TokenRule> rules() {
        TokenReader reader = new TokenReader(address -> "");
        return List.of(
                reader.read(JWTRule.newBuilder()
                        .setIssuer(ANY)
                        .setJwks(any.jwks())
                        .addSpaceDelimitedClaims("roles")
                        .build()),
                reader.read(JWTRule.newBuilder()
                        .setIssuer(SHOP)
                        .setJwks(shop.jwks())
                        .addAudiences("shop")
                        .build()));
    }

    Bearer one(Random random) {
        return random.nextInt(5) < 3 ? Bearer.NONE : made.get(random.nextInt(made.size()));
    }

    private static Map<String, Object> claims(Random random) {
        Map<String, Object> claims = new TreeMap<>();
        claims.put("iss", one(random, List.of(ANY, ANY, ANY, SHOP, SHOP, "https://a.example.com/")));
        claims.put("sub", one(random, List.of("jane", "x/jane", "joe")));
        maybe(random, claims, "aud", List.of("shop", List.of("other", "shop"), "other", List.of("shop")));
        maybe(random, claims, "azp", List.of("app", "web"));
        maybe(random, claims, "groups", List.of("staff", List.of("guests", "staff"), "staffers", 7, List.of()));
        maybe(random, claims, "scope", List.of("read write", "read", List.of("read write"), "reads"));
        maybe(random, claims, "roles", List.of("a b", "b"));
        maybe(random, claims, "deep", List.of(Map.of("er", "down"), Map.of("er", List.of("up", "down")), "er"));
        return claims;
    }

    private static void maybe(Random random, Map<String, Object> claims, String name, List<Object> values) {
        if (random.nextInt(3) > 0) {
            claims.put(name, one(random, values));
        }
    }

    private static Object one(Random random, List<?> values) {
        return values.get(random.nextInt(values.size()));
    }
}
