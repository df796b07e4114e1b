package io.tradingbreaker;

/** The answer to a call that asks to pass: a {@link Slot} to be released, a {@link Refusal}, or {@link #JOINED}. */
abstract class Admission {

    /** The call is part of an outer one that every level has let through; there is nothing to release. */
    static final Admission JOINED = new Admission() {};
}
