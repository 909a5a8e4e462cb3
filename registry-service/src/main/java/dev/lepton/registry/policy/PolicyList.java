package dev.lepton.registry.policy;

import dev.lepton.client.policy.StoredPolicy;
import java.util.List;

/** The current policies of all services that have one, by name. */
record PolicyList(List<StoredPolicy> policies) {}
