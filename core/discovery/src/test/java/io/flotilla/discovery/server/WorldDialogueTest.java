package io.flotilla.discovery.server;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorldDialogueTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            clusters always in full            # `view 1 CDS a=1 b=1
                                                  > CDS =
                                                  < CDS a=1 b=1 @1
                                                  > ack CDS
                                                  view 2 CDS a=1 b=2
                                                  < CDS a=1 b=2 @2
                                                  > ack CDS
                                                  view 3 CDS a=1
                                                  < CDS a=1`
            all with a star                    # `view 1 CDS a=1
                                                  > CDS = *
                                                  < CDS a=1`
            nothing there is an answer         # `view 1 EDS a=1
                                                  > CDS =
                                                  < CDS
                                                  > ack CDS
                                                  < nothing`
            endpoints only as they change      # `view 1 EDS a=1 b=1 c=1
                                                  > EDS = a b
                                                  < EDS a=1 b=1
                                                  > ack EDS a b
                                                  view 2 EDS a=1 b=2 c=2
                                                  < EDS b=2`
            removed endpoints are not told     # `view 1 EDS a=1 b=1
                                                  > EDS = a b
                                                  < EDS a=1 b=1
                                                  view 2 EDS a=1
                                                  < nothing`
            a new name gets what it lacks      # `view 1 EDS a=1 b=1
                                                  > EDS = a
                                                  < EDS a=1
                                                  > EDS = a b
                                                  < EDS b=1
                                                  < nothing`
            a name that is not there           # `view 1 EDS a=1
                                                  > EDS = x
                                                  < EDS
                                                  view 2 EDS a=1 x=1
                                                  < EDS x=1`
            refused, not sent again            # `view 1 CDS a=1
                                                  > CDS =
                                                  < CDS a=1
                                                  > nack CDS bad
                                                  < nothing
                                                  view 2 CDS a=1
                                                  < nothing
                                                  view 3 CDS a=2
                                                  < CDS a=2`
            an old nonce says nothing          # `view 1 EDS a=1 b=1
                                                  > EDS = a
                                                  < EDS a=1
                                                  view 2 EDS a=2 b=1
                                                  < EDS a=2
                                                  > stale EDS = a b
                                                  < nothing
                                                  > EDS = a b
                                                  < EDS b=1`
            names given up                     # `view 1 EDS a=1
                                                  > EDS = a
                                                  < EDS a=1
                                                  > EDS =
                                                  view 2 EDS a=2
                                                  < nothing`
            all of the old manner ends with a name # `view 1 LDS a=1 b=1
                                                  > LDS =
                                                  < LDS a=1 b=1
                                                  > LDS = a
                                                  < LDS a=1
                                                  view 2 LDS a=1 b=2
                                                  < nothing`
            slow, only the latest              # `view 1 CDS a=1
                                                  > CDS =
                                                  view 2 CDS a=2
                                                  view 3 CDS a=3
                                                  < CDS a=3 @3
                                                  < nothing`
            """)
    void plays(String name, String script) {
        Dialogue.worldEnvoy().play(script);
    }

    @ParameterizedTest(name = "delta {0}")
    @CsvSource({"true", "false"})
    void tellsEachGenerationForEachTypeWhereAsked(boolean delta) {
        Dialogue dialogue = new Dialogue(delta, true, DeliveryOrder.NONE);
        dialogue.play("""
                view 1 A a=1; B b=1
                > A
                > B
                < A a=1 @1
                < B b=1 @1
                view 2 A a=2; B b=1
                < A a=2 @2
                """);
        // In the midst of generation 2: the stream ends it before it begins the fourth, and the third never is.
        dialogue.play("""
                view 3 A a=3; B b=1
                view 4 A a=2; B b=4
                """);
        dialogue.play(
                delta ? "< B @2\n< A @4\n< B b=4 @4\n< nothing" : "< B b=1 @2\n< A a=2 @4\n< B b=4 @4\n< nothing");
    }
}
