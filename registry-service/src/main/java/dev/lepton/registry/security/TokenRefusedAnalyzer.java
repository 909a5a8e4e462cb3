package dev.lepton.registry.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Ends the start with the sentence alone, which says what to do. */
final class TokenRefusedAnalyzer extends AbstractFailureAnalyzer<TokenRefused> {

    @Override
    protected FailureAnalysis analyze(Throwable start, TokenRefused refusal) {
        return new FailureAnalysis(refusal.getMessage(), null, refusal);
    }
}
