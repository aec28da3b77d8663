package io.flotilla.galley.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.galley.leader.Election.Seen;
import io.flotilla.galley.leader.Election.Step.Follow;
import io.flotilla.galley.leader.Election.Step.Write;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ElectionTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private final Election election = new Election("me", Duration.ofSeconds(15));

    private static LeaseRecord lease(String holder, long epoch, String renewed) {
        return new LeaseRecord(holder, epoch, 15, renewed, "v" + renewed);
    }

    @Test
    void makesTheLeaseWhereThereIsNone() {
        assertThat(election.next(null, START)).isEqualTo(new Write(new LeaseRecord("me", 1, 15, "", "")));
    }

    @Test
    void renewsItsOwnInTheSameEpoch() {
        Seen seen = new Seen(lease("me", 4, "a"), START);
        assertThat(election.next(seen, START.plusSeconds(60)))
                .isEqualTo(new Write(new LeaseRecord("me", 4, 15, "", "va")));
    }

    @Test
    void followsWhoeverRenewsHoweverFarItsClockIsOff() {
        Seen seen = new Seen(lease("other", 4, "1999-01-01T00:00:00Z"), START);
        assertThat(election.next(seen, START.plusSeconds(14))).isEqualTo(new Follow());
        Seen renewed = Election.seen(seen, lease("other", 4, "1999-01-01T00:00:10Z"), START.plusSeconds(14));
        assertThat(election.next(renewed, START.plusSeconds(28))).isEqualTo(new Follow());
    }

    @Test
    void takesALeaseThatNobodyRenewsInALaterEpoch() {
        Seen seen = new Seen(lease("other", 4, "a"), START);
        Seen same = Election.seen(seen, lease("other", 4, "a"), START.plusSeconds(15));
        assertThat(election.next(same, START.plusSeconds(15)))
                .isEqualTo(new Write(new LeaseRecord("me", 5, 15, "", "va")));
    }

    @Test
    void takesALeaseThatWasGivenBackAtOnce() {
        assertThat(election.next(new Seen(lease("", 4, "a"), START), START))
                .isEqualTo(new Write(new LeaseRecord("me", 5, 15, "", "va")));
    }

    @Test
    void stopsWritingBeforeAnotherMayBegin() {
        assertThat(election.until(START)).isBefore(START.plusSeconds(15));
    }
}
