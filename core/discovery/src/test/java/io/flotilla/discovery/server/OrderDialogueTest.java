package io.flotilla.discovery.server;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Make before break on Envoy's streams. */
class OrderDialogueTest {
    private static final String SYNCED = """
            view 1 CDS a=1; EDS a=1; LDS l=1; RDS r=1
            > CDS
            < CDS a=1
            > EDS +a
            < EDS a=1
            > ack EDS
            > ack CDS
            > LDS
            < LDS l=1
            > ack LDS
            > RDS +r
            < RDS r=1
            > ack RDS
            < nothing
            """;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            a changed cluster brings its endpoints    # `view 2 CDS a=2; EDS a=1; LDS l=1; RDS r=1
                                                         < CDS a=2
                                                         < EDS a=1
                                                         < nothing`
            routes wait for the clusters' answer      # `view 2 CDS a=1 b=1; EDS a=1 b=1; LDS l=1; RDS r=2
                                                         < CDS b=1
                                                         < nothing
                                                         > EDS +b
                                                         < EDS b=1
                                                         > ack EDS
                                                         < nothing
                                                         > ack CDS
                                                         < RDS r=2
                                                         < nothing`
            a refusal is an answer                    # `view 2 CDS a=1 b=1; EDS a=1; LDS l=1; RDS r=2
                                                         < CDS b=1
                                                         < nothing
                                                         > nack CDS bad
                                                         < RDS r=2`
            clusters and endpoints never wait         # `view 2 CDS a=1 b=1; EDS a=1; LDS l=1; RDS r=2
                                                         < CDS b=1
                                                         < nothing
                                                         view 3 CDS a=2 b=1 c=1; EDS a=2; LDS l=1; RDS r=3
                                                         < CDS a=2 c=1
                                                         < EDS a=2
                                                         < nothing
                                                         > ack CDS
                                                         < nothing
                                                         > ack CDS
                                                         < RDS r=3`
            patience ends                             # `view 2 CDS a=1 b=1; EDS a=1; LDS l=1; RDS r=2
                                                         < CDS b=1
                                                         < nothing
                                                         wait 4
                                                         < nothing
                                                         wait 1
                                                         < RDS r=2
                                                         view 3 CDS a=1 b=1; EDS a=1; LDS l=1; RDS r=3
                                                         < RDS r=3`
            endpoints alone go at once                # `view 2 CDS a=1; EDS a=2; LDS l=1; RDS r=2
                                                         < EDS a=2
                                                         < RDS r=2`
            removals come last                        # `view 2 CDS b=1; EDS b=1; LDS l=1; RDS r=2
                                                         < CDS b=1
                                                         < nothing
                                                         > EDS +b
                                                         < EDS b=1
                                                         > ack EDS
                                                         > ack CDS
                                                         < RDS r=2
                                                         < nothing
                                                         > ack RDS
                                                         < CDS -a
                                                         < EDS -a
                                                         < nothing`
            removals do not wait for ever             # `view 2 CDS; EDS; LDS l=1; RDS r=2
                                                         < RDS r=2
                                                         < nothing
                                                         wait 5
                                                         < CDS -a`
            a cluster that comes back is not removed  # `view 2 CDS; EDS; LDS l=1; RDS r=2
                                                         < RDS r=2
                                                         < nothing
                                                         view 3 CDS a=1; EDS a=1; LDS l=1; RDS r=3
                                                         < RDS r=3
                                                         > ack RDS
                                                         > ack RDS
                                                         < nothing ever`
            one that comes back while none answers    # `view 2 CDS; EDS; LDS l=1; RDS r=2
                                                         < RDS r=2
                                                         < nothing
                                                         view 3 CDS a=1; EDS a=1; LDS l=1; RDS r=2
                                                         < nothing ever
                                                         wait 5
                                                         < nothing ever
                                                         > ack RDS
                                                         view 4 CDS a=1; EDS a=1; LDS l=1; RDS r=3
                                                         < RDS r=3`
            a subscription to a removed one           # `view 2 CDS; EDS; LDS l=1; RDS r=2
                                                         < RDS r=2
                                                         > EDS +a
                                                         < EDS a=1`
            listeners before routes                   # `view 2 CDS a=1; EDS a=1; LDS l=2 m=1; RDS r=2
                                                         < LDS l=2 m=1
                                                         < RDS r=2`
            a listener goes with the others           # `view 2 CDS a=1; EDS a=1; LDS m=1; RDS r=1
                                                         < LDS m=1 -l`
            """)
    void plays(String name, String script) {
        Dialogue.deltaEnvoy().play(SYNCED).play(script);
    }

    @Test
    void aClusterThatChangedWhileAwayBringsItsEndpointsThoughTheyAreHeld() {
        Dialogue.deltaEnvoy().play("""
                view 1 CDS a=2 b=1; EDS a=1 b=1
                > CDS held a=1 b=1
                < CDS a=2
                < nothing
                > EDS +a +b held a=1 b=1
                < EDS a=1
                < nothing
                """);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            a new cluster, an old one, in three steps # `view 1 CDS a=1; EDS a=1; RDS r=1
                                                         > CDS =
                                                         < CDS a=1
                                                         > EDS = a
                                                         < EDS a=1
                                                         > ack EDS a
                                                         > ack CDS
                                                         > RDS = r
                                                         < RDS r=1
                                                         > ack RDS r
                                                         view 2 CDS b=1; EDS b=1; RDS r=2
                                                         < CDS a=1 b=1
                                                         < nothing
                                                         > EDS = a b
                                                         < EDS b=1
                                                         > ack EDS a b
                                                         > ack CDS
                                                         < RDS r=2
                                                         < nothing
                                                         > ack RDS r
                                                         < CDS b=1
                                                         < nothing`
            a changed cluster brings its endpoints    # `view 1 CDS a=1; EDS a=1 b=1
                                                         > CDS =
                                                         < CDS a=1
                                                         > EDS = a b
                                                         < EDS a=1 b=1
                                                         view 2 CDS a=2; EDS a=1 b=1
                                                         < CDS a=2
                                                         < EDS a=1
                                                         < nothing`
            """)
    void playsInStateOfTheWorld(String name, String script) {
        Dialogue.worldEnvoy().play(script);
    }
}
