package dev.lepton.registry.stretch;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Table {@code stretch}. */
final class StretchRows {

    private final JdbcClient jdbc;

    StretchRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    StretchFactors read() {
        return jdbc.sql("SELECT lease_factor, interval_factor FROM stretch")
                .query((row, _) ->
                        new StretchFactors(
                                row.getInt("lease_factor"), row.getInt("interval_factor")))
                .single();
    }

    void write(StretchFactors factors) {
        jdbc.sql("UPDATE stretch SET lease_factor = ?, interval_factor = ?")
                .params(factors.lease(), factors.interval())
                .update();
    }
}
