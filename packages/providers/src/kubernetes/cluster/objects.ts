import { z } from 'zod'

// What we read of the cluster's objects; everything else of them is dropped where they come in.

const Metadata = z.object({
  name: z.string(),
  // The library's informer finds an object by it again.
  namespace: z.string().optional(),
  uid: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  resourceVersion: z.string().optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  ownerReferences: z.array(z.object({ uid: z.string() })).optional(),
  finalizers: z.array(z.string()).optional(),
})

const Terminated = z.object({
  reason: z.string().optional(),
  exitCode: z.number(),
  startedAt: z.string().nullish(),
  finishedAt: z.string().nullish(),
})

const ContainerStatus = z.object({
  restartCount: z.number().default(0),
  /** Its startup probe has succeeded in this life. */
  started: z.boolean().default(false),
  state: z
    .object({
      waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
      running: z.object({}).optional(),
      terminated: Terminated.optional(),
    })
    .default({}),
  lastState: z.object({ terminated: Terminated.optional() }).default({}),
})
export type ContainerStatus = z.infer<typeof ContainerStatus>

/** Any object, where only its existence matters. */
export const SeenObject = z.object({ metadata: Metadata })
export type SeenObject = z.infer<typeof SeenObject>

export const SeenPod = z.object({
  metadata: Metadata,
  status: z
    .object({
      phase: z.string().optional(),
      reason: z.string().optional(),
      message: z.string().optional(),
      hostIP: z.string().optional(),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().optional(),
            message: z.string().optional(),
          }),
        )
        .default([]),
      containerStatuses: z.array(ContainerStatus).default([]),
    })
    .default({ conditions: [], containerStatuses: [] }),
})
export type SeenPod = z.infer<typeof SeenPod>

export const SeenStatefulSet = z.object({
  metadata: Metadata,
  spec: z.object({ replicas: z.number().default(1) }),
})
export type SeenStatefulSet = z.infer<typeof SeenStatefulSet>

export const SeenClaim = z.object({
  metadata: Metadata,
  spec: z.object({ storageClassName: z.string().optional() }),
  status: z.object({ phase: z.string().optional() }).default({}),
})
export type SeenClaim = z.infer<typeof SeenClaim>

export const SeenService = z.object({
  metadata: Metadata,
  spec: z.object({ ports: z.array(z.object({ nodePort: z.number().optional() })).default([]) }),
  status: z
    .object({
      loadBalancer: z
        .object({
          ingress: z
            .array(z.object({ ip: z.string().optional(), hostname: z.string().optional() }))
            .default([]),
        })
        .default({ ingress: [] }),
    })
    .default({ loadBalancer: { ingress: [] } }),
})
export type SeenService = z.infer<typeof SeenService>

/** A warning of the cluster about one of our objects. */
export const SeenEvent = z.object({
  metadata: Metadata,
  involvedObject: z.object({
    kind: z.string().optional(),
    name: z.string().optional(),
    uid: z.string().optional(),
  }),
  reason: z.string().default(''),
  message: z.string().default(''),
  // When it was last so: old and new reporters write it in different places.
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  series: z.object({ lastObservedTime: z.string().nullish() }).nullish(),
})
export type SeenEvent = z.infer<typeof SeenEvent>
