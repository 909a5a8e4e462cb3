package dev.lepton.registry.replica;

import java.util.UUID;

/** The name of this process among the replicas of the registry, made at its start. */
public record ReplicaId(UUID value) {

    public static ReplicaId random() {
        return new ReplicaId(UUID.randomUUID());
    }
}
