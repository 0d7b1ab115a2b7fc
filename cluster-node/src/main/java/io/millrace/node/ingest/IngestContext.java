package io.millrace.node.ingest;

import io.millrace.media.demux.DemuxSettings;

/** What all connections of a listener share; safe from any thread. */
record IngestContext(
    RtmpSettings settings,
    DemuxSettings demux,
    PublishAuthorizer authorizer,
    PublishGateway gateway,
    AddressCaps caps,
    FailedAttempts failedAttempts,
    IngestMetrics metrics) {}
