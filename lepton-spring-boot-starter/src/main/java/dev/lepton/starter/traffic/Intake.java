package dev.lepton.starter.traffic;

/** How willing the unit is to take requests. */
public enum Intake {
    /** Takes every request that means it. */
    OPEN,
    /** An operator drains it, which can be undone: takes requests, and lets connections end. */
    LEAVING,
    /** It stops, or another process is the unit now: refuses requests of gateways, for good. */
    DRAINING
}
