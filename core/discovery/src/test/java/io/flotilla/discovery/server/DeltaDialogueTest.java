package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.Views;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaDialogueTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            all in the old manner              # `view 1 CDS a=1 b=1
                                                  > CDS
                                                  < CDS a=1 b=1 @1
                                                  > ack CDS
                                                  < nothing`
            all in the new manner              # `view 1 CDS a=1 b=1
                                                  > CDS +*
                                                  < CDS a=1 b=1
                                                  < nothing`
            nothing there is an answer         # `view 1 EDS a=1
                                                  > CDS
                                                  < CDS
                                                  < nothing`
            before the first view nothing      # `> CDS
                                                  < nothing
                                                  view 1 CDS a=1
                                                  < CDS a=1`
            only what changed                  # `view 1 CDS a=1 b=1
                                                  > CDS
                                                  < CDS a=1 b=1
                                                  > ack CDS
                                                  view 2 CDS a=1 b=2
                                                  < CDS b=2 @2`
            removed                            # `view 1 CDS a=1 b=1
                                                  > CDS
                                                  < CDS a=1 b=1
                                                  > ack CDS
                                                  view 2 CDS a=1
                                                  < CDS -b
                                                  < nothing`
            an equal view is no news           # `view 1 CDS a=1
                                                  > CDS
                                                  < CDS a=1
                                                  view 2 CDS a=1
                                                  < nothing`
            by name                            # `view 1 EDS a=1 b=1 c=1
                                                  > EDS +a +c
                                                  < EDS a=1 c=1
                                                  view 2 EDS a=1 b=2 c=1
                                                  < nothing
                                                  view 3 EDS a=2 b=2 c=1
                                                  < EDS a=2`
            a name that is not there is told   # `view 1 EDS a=1
                                                  > EDS +a +x
                                                  < EDS a=1 -x
                                                  view 2 EDS a=1 x=1
                                                  < EDS x=1`
            more names                         # `view 1 EDS a=1 b=1
                                                  > EDS +a
                                                  < EDS a=1
                                                  > EDS +b
                                                  < EDS b=1`
            subscribed again, answered again   # `view 1 EDS a=1
                                                  > EDS +a
                                                  < EDS a=1
                                                  > ack EDS
                                                  > EDS +a
                                                  < EDS a=1
                                                  < nothing`
            no longer wanted                   # `view 1 EDS a=1 b=1
                                                  > EDS +a +b
                                                  < EDS a=1 b=1
                                                  > EDS -b
                                                  < nothing
                                                  view 2 EDS a=2 b=2
                                                  < EDS a=2`
            gone and back                      # `view 1 EDS a=1 b=1
                                                  > EDS +a +b
                                                  < EDS a=1 b=1
                                                  > EDS -b
                                                  > EDS +b
                                                  < EDS b=1`
            unsubscribed within all            # `view 1 CDS a=1 b=1
                                                  > CDS +* +a
                                                  < CDS a=1 b=1
                                                  > CDS -a
                                                  < CDS a=1
                                                  view 2 CDS a=2 b=1
                                                  < CDS a=2`
            all given up, a name stays         # `view 1 CDS a=1 b=1
                                                  > CDS +* +a
                                                  < CDS a=1 b=1
                                                  > CDS -*
                                                  < nothing
                                                  view 2 CDS a=2 b=2
                                                  < CDS a=2
                                                  > CDS +*
                                                  < CDS a=2 b=2`
            nothing wanted, nothing sent       # `view 1 CDS a=1
                                                  > CDS
                                                  < CDS a=1
                                                  > CDS -*
                                                  view 2 CDS a=2
                                                  < nothing`
            back with all that it has          # `view 1 CDS a=1 b=1
                                                  > CDS held a=1 b=1
                                                  < CDS
                                                  < nothing`
            back with some, old and gone       # `view 1 CDS a=2 b=1 c=1
                                                  > CDS held a=1 b=1 x=1
                                                  < CDS a=2 c=1
                                                  < nothing
                                                  > ack CDS
                                                  < nothing
                                                  wait 1
                                                  < CDS -x
                                                  < nothing`
            back by name with all, no answer   # `view 1 EDS a=1 b=1
                                                  > EDS +a held a=1
                                                  < nothing
                                                  view 2 EDS a=2
                                                  < EDS a=2`
            back by name with an old one       # `view 1 EDS a=2 b=1
                                                  > EDS +a +b held a=1
                                                  < EDS a=2 b=1`
            refused, not sent again            # `view 1 CDS a=1
                                                  > CDS
                                                  < CDS a=1
                                                  > nack CDS bad
                                                  < nothing
                                                  view 2 CDS a=1 b=1
                                                  < CDS b=1
                                                  > ack CDS
                                                  view 3 CDS a=2 b=1
                                                  < CDS a=2`
            slow, only the latest              # `view 1 CDS a=1
                                                  > CDS
                                                  view 2 CDS a=2
                                                  view 3 CDS a=3 b=3
                                                  < CDS a=3 b=3 @3
                                                  < nothing`
            secrets when they are there        # `view 1
                                                  > SDS +default
                                                  < nothing
                                                  view 2 SDS default=1
                                                  < SDS default=1`
            a secret that is held              # `view 1 SDS default=1
                                                  > SDS +default held default=1
                                                  < nothing`
            virtual hosts of a route           # `view 1 VHDS r/a=1 r/b=1 q/a=1
                                                  > VHDS +r
                                                  < VHDS r/a=1 r/b=1
                                                  view 2 VHDS r/b=2 r/c=1 q/a=2
                                                  < VHDS r/b=2 r/c=1 -r/a
                                                  > VHDS +none
                                                  < VHDS
                                                  > VHDS -r +q
                                                  < VHDS q/a=2`
            hosts come again with their route         # `view 1 RDS r=1; VHDS r/a=1 q/a=1
                                                  > RDS +r
                                                  < RDS r=1
                                                  > VHDS
                                                  < VHDS q/a=1 r/a=1
                                                  > RDS +q
                                                  < RDS -q
                                                  view 2 RDS r=1 q=1 s=1; VHDS r/a=1 q/a=1
                                                  < RDS q=1
                                                  < VHDS q/a=1
                                                  > RDS +s
                                                  < RDS s=1
                                                  < VHDS
                                                  < nothing`
            """)
    void plays(String name, String script) {
        Dialogue.deltaEnvoy().play(script);
    }

    @Test
    void tellsTheSourceWhatWasRefused() {
        Dialogue dialogue = Dialogue.deltaEnvoy().play("""
                view 1 CDS a=1
                > CDS
                < CDS a=1
                > nack CDS no such thing
                """);
        assertThat(dialogue.notices).hasSize(2);
        assertThat(dialogue.notices.getLast()).isInstanceOfSatisfying(Notice.Rejected.class, rejected -> {
            assertThat(rejected.typeUrl()).isEqualTo(TypeUrls.CLUSTER);
            assertThat(rejected.response().generation()).isEqualTo(Views.generation(1));
            assertThat(rejected.message()).isEqualTo("no such thing");
        });
        TypeStatus status = dialogue.status().getFirst();
        assertThat(status.synced()).isFalse();
        assertThat(status.message()).isEqualTo("no such thing");
        dialogue.play("""
                view 2 CDS a=2
                < CDS a=2
                > ack CDS
                """);
        assertThat(dialogue.status().getFirst().synced()).isTrue();
        assertThat(dialogue.status().getFirst().rejected()).isNull();
    }

    @Test
    void aClientThatCameBackWithAllThatThereIsForItIsInSync() {
        Dialogue back = Dialogue.deltaEnvoy().play("""
                view 1 EDS a=1 b=1
                > EDS +a held a=1
                < nothing
                """);
        assertThat(only(back).sent()).isNull();
        assertThat(only(back).kept()).isTrue();
        assertThat(only(back).synced()).isTrue();

        assertThat(only(back.play("view 2 EDS a=2 b=1")).synced()).isFalse();
        assertThat(only(back.play("< EDS a=2")).synced()).isFalse();
        assertThat(only(back.play("> ack EDS")).synced()).isTrue();
        assertThat(only(back).kept()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "> EDS +a held a=1",
                "view 1 EDS a=2; > EDS +a held a=1",
                "view 1 EDS a=1 b=1; > EDS +a +b held a=1",
                "view 10 EDS a=1; > EDS +a held a=2@b",
                "view 1 SDS a=1; > SDS +x; < nothing"
            })
    void oneThatIsOwedSomethingOrBroughtNothingIsNot(String before) {
        assertThat(only(Dialogue.deltaEnvoy().play(before.replace("; ", "\n"))).synced())
                .isFalse();
    }

    private static TypeStatus only(Dialogue dialogue) {
        assertThat(dialogue.status()).hasSize(1);
        return dialogue.status().getFirst();
    }

    @Test
    void tellsTheSourceWhatIsWantedAndHeld() {
        Dialogue dialogue = Dialogue.deltaEnvoy().play("> SDS +b +a held a=1");
        assertThat(dialogue.notices)
                .containsExactly(new Notice.Subscribed(TypeUrls.SECRET, Set.of("a", "b"), Map.of("a", "1")));
    }

    @Test
    void nothingOlderIsToldThanWhatTheClientBringsFromAnotherServer() {
        // Stamp 11 in base 36; endpoints are as new as stamp 9.
        Dialogue.deltaEnvoy().play("""
                view 10 CDS a=1; EDS a=1
                > CDS held a=2@b
                > EDS +a held a=0@9
                < EDS a=1 @10
                < nothing
                view 11 CDS a=2; EDS a=1
                < CDS @11
                view 12 CDS a=3; EDS a=1
                < CDS a=3 @12
                """);
        // One that stays behind is believed at last.
        Dialogue.deltaEnvoy().play("""
                view 10 CDS a=1
                > CDS held a=2@b
                < nothing
                wait 11
                < CDS a=1 @10
                """);
    }

    @Test
    void routesOfAnOlderMeshAreNotToldToWhomHasNewerClusters() {
        // They may lead to clusters that the client was told to forget.
        Dialogue.deltaEnvoy().play("""
                view 10 CDS a=1; RDS r=1
                > CDS held a=2@b
                > RDS +r held r=0@9
                < nothing
                view 11 CDS a=2; RDS r=2
                < CDS @11
                < RDS r=2 @11
                """);
    }

    @Test
    void aGenerationIsWholeWithItsLastMessageWhereOneMarkWillDo() {
        Dialogue.committing().play("""
                view 1 A a=1; B b=1
                > A
                < A a=1 @1!
                > B
                < B b=1 @1!
                > C
                < C @1!
                < nothing
                view 2 A a=2; B b=1
                < A a=2 @2!
                < nothing
                view 3 A a=3; B b=3
                < A a=3 @3
                < B b=3 @3!
                view 4 A a=3; B b=3
                < A @4!
                < nothing
                """);
    }

    @Test
    void aWholeGenerationIsNotLeftInTheMidstOfIt() {
        Dialogue.committing().play("""
                view 1 A a=1; B b=1
                > A
                < A a=1 @1!
                > B
                < B b=1 @1!
                view 2 A a=2; B b=2
                < A a=2 @2
                view 3 A a=3; B b=2
                view 4 A a=2; B b=4
                < B b=2 @2!
                < B b=4 @4!
                < nothing
                """);
    }
}
