package io.flotilla.pilot.serve;

/**
 * How many connections a replica gives away because there are more replicas than before, step by step: a share of those
 * that it has, so that the new ones get work at once, and few at a time, so that they can bear it. The rest spreads as
 * connections reach their age. Where replicas go there is nothing to give: their own connections come by themselves.
 *
 * @param settled replicas that connections are spread over; 0 before any were seen
 * @param seen    replicas at the last step
 * @param steps   for how many steps they have been as many
 * @param owed    connections that are still to be given away
 */
public record Handover(int settled, int seen, int steps, int owed) {
    /** Nothing is known yet. */
    public static final Handover START = new Handover(0, 0, 0, 0);

    // A replica that comes and goes moves nobody.
    private static final int STEADY = 5;
    private static final int PACE = 20;

    /**
     * The next step.
     *
     * @param replicas that there are now; 0 where nobody knows
     * @param open     connections that this one has
     * @param share    of them that is given away, from 0 to 1
     */
    public Handover step(int replicas, int open, double share) {
        int left = Math.max(0, owed - gives(open));
        int stood = replicas == seen ? Math.min(steps + 1, STEADY) : 1;
        if (replicas == 0 || replicas == settled || stood < STEADY) {
            return new Handover(settled, replicas, stood, left);
        }
        boolean more = settled > 0 && replicas > settled;
        return new Handover(replicas, replicas, stood, more ? (int) Math.round(open * share) : left);
    }

    /** How many are to go at this step: a twentieth of those that there are, one at least. */
    public int gives(int open) {
        return Math.min(owed, Math.max(1, open / PACE));
    }
}
