package io.flotilla.telemetry.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BucketsTest {
    @ParameterizedTest
    @CsvSource({
        "SECONDS, 0, 0", "SECONDS, 5000000, 0", "SECONDS, 5000001, 1", "SECONDS, 10000000000, 10",
        "SECONDS, 10000000001, 11", "MILLISECONDS, 500000, 0", "MILLISECONDS, 500001, 1", "BYTES, 0, 0",
        "BYTES, 1, 0", "BYTES, 2, 1", "BYTES, 100000000, 8", "BYTES, 100000001, 9"
    })
    void aBoundIsInItsBucket(Buckets buckets, long value, int index) {
        assertThat(buckets.indexOf(value)).isEqualTo(index);
    }

    @ParameterizedTest
    @EnumSource
    void boundsAscend(Buckets buckets) {
        assertThat(buckets.baseBounds().boxed()).isSorted().doesNotHaveDuplicates();
        assertThat(buckets.count()).isEqualTo(buckets.bounds().length + 1);
    }
}
