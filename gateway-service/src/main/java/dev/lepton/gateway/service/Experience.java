package dev.lepton.gateway.service;

import dev.lepton.gateway.budget.RetryBudget;
import dev.lepton.gateway.latency.RecentLatencies;
import dev.lepton.gateway.overload.ServiceLoad;

/** Of one service: what its requests may cost, how long they took, how many wait. */
public record Experience(RetryBudget budget, RecentLatencies latencies, ServiceLoad load) {}
