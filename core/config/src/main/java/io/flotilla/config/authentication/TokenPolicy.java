package io.flotilla.config.authentication;

import java.util.List;

/** What is asked of the tokens of requests to a port. */
public sealed interface TokenPolicy {
    /** Nobody looks at tokens. */
    TokenPolicy NONE = new Current(List.of());

    /** RequestAuthentication: a token may be missing; one that is there must be good. */
    record Current(List<TokenRule> rules) implements TokenPolicy {
        public Current {
            rules = List.copyOf(rules);
        }
    }

    /**
     * Origins of a policy of Istio 1.1: whoever calls a path that triggers some must have a good token of one of these.
     *
     * @param optional the request passes without, too
     */
    record Classic(List<Origin> origins, boolean optional) implements TokenPolicy {
        public Classic {
            origins = List.copyOf(origins);
        }
    }

    /** An issuer, and the paths for which its tokens are asked: any of the triggers, or all paths where there is none. */
    record Origin(TokenRule rule, List<Trigger> triggers) {
        public Origin {
            triggers = List.copyOf(triggers);
        }
    }

    /** Paths that none of the excluded patterns matches, and one of the included, where there are such. */
    record Trigger(List<PathPattern> excluded, List<PathPattern> included) {
        public Trigger {
            excluded = List.copyOf(excluded);
            included = List.copyOf(included);
        }
    }

    /** A path without query and fragment. */
    sealed interface PathPattern {
        record Exact(String path) implements PathPattern {}

        record Prefix(String prefix) implements PathPattern {}

        record Suffix(String suffix) implements PathPattern {}

        /** The whole path, by RE2. */
        record Regex(String regex) implements PathPattern {}
    }
}
