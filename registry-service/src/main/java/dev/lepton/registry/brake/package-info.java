/** The brake on ending live processes: how many units of a service may be recovered at once. */
@NullMarked
package dev.lepton.registry.brake;

import org.jspecify.annotations.NullMarked;
