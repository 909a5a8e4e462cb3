/**
 * What a user of the platform notices while one part of it is killed, frozen, cut off or stopped:
 * nothing.
 */
@NullMarked
package dev.lepton.platform.faults;

import org.jspecify.annotations.NullMarked;
