package dev.lepton.registry.postgres;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Ends the start with the sentence alone, which says what to do. */
final class PostgresRefusalAnalyzer extends AbstractFailureAnalyzer<PostgresRefusal> {

    @Override
    protected FailureAnalysis analyze(Throwable start, PostgresRefusal refusal) {
        return new FailureAnalysis(refusal.getMessage(), null, refusal);
    }
}
