package dev.lepton.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class WrkTests {

    @Test
    void theResultStandsAmongWhatElseIsPrinted() {
        Wrk.Result result =
                Wrk.Result.parse(
                        """
                        Running 2s test @ http://127.0.0.1:8080/
                          1 threads and 64 connections
                        Requests/sec:   5000.00
                        result 10000 requests 2000000 micros 3 errors
                        """);

        assertThat(result).isEqualTo(new Wrk.Result(10_000, 2.0, 3));
        assertThat(result.perSecond()).isEqualTo(5_000);
    }

    @Test
    void aRunWithoutAResultIsNoRunWithoutRequests() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Wrk.Result.parse("unable to connect to 127.0.0.1:8080\n"))
                .withMessageContaining("unable to connect");
    }
}
