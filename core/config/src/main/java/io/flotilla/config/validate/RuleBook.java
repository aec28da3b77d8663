package io.flotilla.config.validate;

import com.google.protobuf.Message;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.HashMap;
import java.util.Map;

/** Which rules hold for which kind. */
final class RuleBook {
    private final Map<Kind, ForKind<?>> rules = new HashMap<>();

    /** The rules of a kind whose objects hold this message. */
    <T extends Message> void add(Kind kind, Class<T> message, Check.Rules<T> rule) {
        if (rules.put(kind, new ForKind<>(message, rule)) != null) {
            throw new IllegalStateException(kind + " has rules already");
        }
    }

    /** Judges an object by the rules of its kind; a kind without rules has nothing wrong. */
    void check(Config<?> config, Check check) {
        ForKind<?> forKind = rules.get(config.key().kind());
        if (forKind != null) {
            forKind.check(config, check);
        }
    }

    private record ForKind<T extends Message>(Class<T> message, Check.Rules<T> rules) {
        @SuppressWarnings("unchecked") // the message is looked at first
        void check(Config<?> config, Check check) {
            if (message.isInstance(config.spec())) {
                rules.check((Config<T>) config, check);
            }
        }
    }
}
