package io.flotilla.identity.rotation;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** A rotation's state as a line of text, for files: {@code PHASE SIGNING [OTHER SINCE]}. */
public final class RotationText {
    private static final int STEADY_WORDS = 2;
    private static final int WORDS = 4;

    private RotationText() {}

    public static String write(Rotation state) {
        return switch (state) {
            case Rotation.Steady steady -> "steady " + steady.signing();
            case Rotation.Distributing it -> "distributing " + it.signing() + " " + it.next() + " " + it.since();
            case Rotation.Switched it -> "switched " + it.signing() + " " + it.old() + " " + it.since();
        };
    }

    /** Empty where the text is not one that {@link #write} wrote. */
    public static Optional<Rotation> read(String text) {
        String[] words = text.strip().split(" ", -1);
        if (words.length == STEADY_WORDS && words[0].equals("steady")) {
            return Optional.of(new Rotation.Steady(words[1]));
        }
        if (words.length != WORDS || words[1].equals(words[2])) {
            return Optional.empty();
        }
        try {
            Instant since = Instant.parse(words[3]);
            return switch (words[0]) {
                case "distributing" -> Optional.of(new Rotation.Distributing(words[1], words[2], since));
                case "switched" -> Optional.of(new Rotation.Switched(words[1], words[2], since));
                default -> Optional.empty();
            };
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
