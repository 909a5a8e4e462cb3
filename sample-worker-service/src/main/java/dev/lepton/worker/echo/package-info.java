/** Gives a request's body back. */
@NullMarked
package dev.lepton.worker.echo;

import org.jspecify.annotations.NullMarked;
