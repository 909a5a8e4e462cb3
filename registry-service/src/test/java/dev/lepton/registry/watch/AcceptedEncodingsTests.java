package dev.lepton.registry.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedEncodingsTests {

    @ParameterizedTest
    @ValueSource(
            strings = {"gzip", "GZIP", "deflate, gzip;q=0.5, br", "br,gzip ; q=1", "gzip;q=0.001"})
    void whoeverNamesGzipGetsIt(String header) {
        assertThat(AcceptedEncodings.gzip(header)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "*", "identity", "br, deflate", "gzip;q=0", "gzip; q=0.000", "xgzip"})
    void whoeverDoesNotOrRefusesItGetsThePlainStream(String header) {
        assertThat(AcceptedEncodings.gzip(header)).isFalse();
    }

    @Test
    void whoeverSaysNothingGetsThePlainStream() {
        assertThat(AcceptedEncodings.gzip(null)).isFalse();
    }
}
