package dev.lepton.registry.changelog;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * A change that waits for the writer.
 *
 * @param row names the row that it changes
 * @param json the input of the statement, made by the thread that proposes
 */
record Proposal(String row, String json, CompletableFuture<WriteOutcome> outcome) {

    static Proposal of(ProposedChange change, Instant at) {
        String row =
                switch (change) {
                    case ProposedChange.OfUnit ofUnit -> "unit " + ofUnit.after().id();
                    case ProposedChange.OfDesired ofDesired ->
                            "desired " + ofDesired.after().unitId();
                };
        return new Proposal(row, StoredJson.input(change, at), new CompletableFuture<>());
    }
}
