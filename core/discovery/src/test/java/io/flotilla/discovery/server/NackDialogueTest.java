package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.discovery.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was refused is not sent again for as long as it is the same. */
class NackDialogueTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            delta, clusters over rounds        # delta # `view 1 CDS a=1 b=1
                                                  > CDS
                                                  < CDS a=1 b=1
                                                  > ack CDS
                                                  view 2 CDS a=2 b=1
                                                  < CDS a=2
                                                  > nack CDS bad
                                                  < nothing
                                                  view 3 CDS a=2 b=1
                                                  < nothing
                                                  view 4 CDS a=2 b=2
                                                  < CDS b=2
                                                  > ack CDS
                                                  view 5 CDS a=2 b=3
                                                  < CDS b=3
                                                  > nack CDS bad
                                                  view 6 CDS a=2 b=3
                                                  < nothing
                                                  view 7 CDS a=3 b=3
                                                  < CDS a=3`
            delta, back to what was good       # delta # `view 1 CDS a=1
                                                  > CDS
                                                  < CDS a=1
                                                  > ack CDS
                                                  view 2 CDS a=2
                                                  < CDS a=2
                                                  > nack CDS bad
                                                  view 3 CDS a=1
                                                  < CDS a=1
                                                  > ack CDS
                                                  < nothing`
            delta, names asked for meanwhile   # delta # `view 1 EDS a=1 b=1
                                                  > EDS +a
                                                  < EDS a=1
                                                  > nack EDS bad
                                                  > EDS +b
                                                  < EDS b=1
                                                  > ack EDS
                                                  < nothing`
            delta, other types go on           # delta # `view 1 CDS a=1; LDS l=1
                                                  > CDS
                                                  < CDS a=1
                                                  > nack CDS bad
                                                  > LDS
                                                  < LDS l=1
                                                  > ack LDS
                                                  view 2 CDS a=1; LDS l=2
                                                  < LDS l=2
                                                  > nack LDS bad
                                                  view 3 CDS a=2; LDS l=2
                                                  < CDS a=2
                                                  > ack CDS
                                                  < nothing`
            world, clusters over rounds        # world # `view 1 CDS a=1 b=1
                                                  > CDS =
                                                  < CDS a=1 b=1
                                                  > ack CDS
                                                  view 2 CDS a=2 b=1
                                                  < CDS a=2 b=1
                                                  > nack CDS bad
                                                  < nothing
                                                  view 3 CDS a=2 b=1
                                                  < nothing
                                                  view 4 CDS a=3 b=1
                                                  < CDS a=3 b=1
                                                  > nack CDS bad
                                                  view 5 CDS a=3 b=1
                                                  < nothing
                                                  view 6 CDS a=1 b=1
                                                  < CDS a=1 b=1
                                                  > ack CDS
                                                  < nothing`
            world, a refusal keeps its names   # world # `view 1 EDS a=1 b=1
                                                  > EDS = a b
                                                  < EDS a=1 b=1
                                                  > nack EDS bad = a b
                                                  < nothing
                                                  view 2 EDS a=1 b=2
                                                  < EDS b=2
                                                  > nack EDS bad = a b
                                                  view 3 EDS a=1 b=2
                                                  < nothing`
            """)
    void plays(String name, String dialect, String script) {
        (dialect.equals("delta") ? Dialogue.deltaEnvoy() : Dialogue.worldEnvoy()).play(script);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aRefusalIsOfTheResponseThatItNamesThoughAnotherFollowed(boolean delta) {
        Dialogue dialogue = new Dialogue(delta, false, DeliveryOrder.ENVOY);
        dialogue.play("""
                view 1 CDS a=1
                > CDS
                < CDS a=1
                view 2 CDS a=2
                < CDS a=2
                > nack CDS the first
                """);
        assertThat(dialogue.notices.getLast())
                .isInstanceOfSatisfying(
                        Notice.Rejected.class,
                        rejected -> assertThat(rejected.response().generation()).isEqualTo(Views.generation(1)));
        assertThat(only(dialogue).synced()).isFalse();
        dialogue.play("> ack CDS");
        assertThat(dialogue.notices.getLast())
                .isInstanceOfSatisfying(
                        Notice.Accepted.class,
                        accepted -> assertThat(accepted.generation()).isEqualTo(Views.generation(2)));
        TypeStatus now = only(dialogue);
        assertThat(now.synced()).isTrue();
        assertThat(now.rejected()).isNull();
        assertThat(now.message()).isEmpty();
    }

    @Test
    void aRefusalThatComesAfterALaterAnswerIsNoNews() {
        Dialogue dialogue = Dialogue.deltaEnvoy();
        dialogue.play("""
                view 1 CDS a=1
                > CDS
                < CDS a=1
                view 2 CDS a=2
                < CDS a=2
                """);
        int before = dialogue.notices.size();
        dialogue.play("> answer CDS 2 ok\n> answer CDS 1 late");
        assertThat(dialogue.notices.subList(before, dialogue.notices.size()))
                .singleElement()
                .isInstanceOf(Notice.Accepted.class);
        assertThat(only(dialogue).synced()).isTrue();
        dialogue.play("< nothing");
    }

    private static TypeStatus only(Dialogue dialogue) {
        return dialogue.status().getFirst();
    }
}
