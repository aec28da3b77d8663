package io.flotilla.cli;

/** Numbers of things as a sentence has them: "1 object", "2 objects". */
final class Counted {
    private Counted() {}

    static String text(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** "0 errors, 1 other finding". */
    static String findings(long errors, long all) {
        return text(errors, "error") + ", " + text(all - errors, "other finding");
    }
}
