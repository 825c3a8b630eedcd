/**
 * elb-proxy as a library: the same plan and apply functions that the commands use.
 * Nothing in here prints or prompts; the use cases report what they do as typed events.
 */
export type { ApplyOptions } from './app/apply-plan.js';
export type { AppEvent, Emit } from './app/events.js';
export { type History, type HistoryEntry, history, interruptedChanges } from './app/history.js';
export { type Inspection, inspect, inspectEach } from './app/inspect.js';
export type { LockWait, TakenLocks } from './app/lock-wait.js';
export type { PlanRequest } from './app/make-plan.js';
export type { NetworkPlanRequest } from './app/network/make-network-plan.js';
export type {
  CallEffect,
  Clock,
  ElasticLoadBalancing,
  ElasticLoadBalancingV2,
  Journal,
  JournalContents,
  Lock,
  MachineLocks,
  WriteDependencies,
  Written,
} from './app/ports.js';
export { changeToUndo } from './app/undo.js';
export type { AwsCall } from './aws/calls.js';
export { type OpenOptions, openElasticLoadBalancing } from './aws/open-elastic-load-balancing.js';
export type { PortChoice } from './core/choose-ports.js';
export { type Hazard, type HazardCode, type HazardLevel, hazardLevels, hazards } from './core/hazards.js';
export { invertStep, invertSteps } from './core/invert.js';
export type {
  BackendServer,
  HealthCheck,
  InstanceState,
  Listener,
  LoadBalancer,
  LoadBalancerIdentity,
  Policy,
  PolicyAttribute,
  Tag,
} from './core/model.js';
export type { GroupChoice } from './core/network/choose-groups.js';
export type { NetworkChange } from './core/network/network-change.js';
export type { NetworkLoadBalancer, Target, TargetGroup } from './core/network-load-balancer.js';
export type { Action, Affected, ClassicChange, InstanceCount, Plan, PlanChange } from './core/plan.js';
export type { Holder, JournalRecord } from './core/record.js';
export type {
  ErrorDocument,
  Leftover,
  Report,
  ReportedChange,
  ReportedStep,
  RunOutcome,
  StepOutcome,
} from './core/report.js';
export { simulate } from './core/simulate.js';
export { type InstancePortStatus, instancePortStatuses, type ProxyProtocolState } from './core/status.js';
export type {
  ClassicStep,
  CreatePolicyStep,
  DeletePolicyStep,
  ModifyAttributeStep,
  SetPoliciesStep,
  Step,
} from './core/step.js';
export { ElbProxyError, type Fault } from './errors.js';
export { type JournalOptions, openJournal } from './journal/journal.js';
export {
  type Apis,
  type ApplyDependencies,
  applyPlan,
  makeNetworkPlan,
  makePlan,
  makeUndoPlan,
  type NetworkApis,
  openMachineLocks,
  openNetworkLoadBalancing,
  takeLocks,
} from './library.js';
export { readPlanFile, writePlanFile } from './plan-file/plan-file.js';
