package httpapi

import "net/http"

// An answer fits every operation; that it is one the operation declares, every test of the edge checks.

func (a answer) VisitListUsersResponse(w http.ResponseWriter) error          { return a.send(w) }
func (a answer) VisitCreateUserResponse(w http.ResponseWriter) error         { return a.send(w) }
func (a answer) VisitCreateUsersResponse(w http.ResponseWriter) error        { return a.send(w) }
func (a answer) VisitGetMeResponse(w http.ResponseWriter) error              { return a.send(w) }
func (a answer) VisitChangePasswordResponse(w http.ResponseWriter) error     { return a.send(w) }
func (a answer) VisitSendEmailCodeResponse(w http.ResponseWriter) error      { return a.send(w) }
func (a answer) VisitVerifyEmailResponse(w http.ResponseWriter) error        { return a.send(w) }
func (a answer) VisitListSessionsResponse(w http.ResponseWriter) error       { return a.send(w) }
func (a answer) VisitDeleteSessionResponse(w http.ResponseWriter) error      { return a.send(w) }
func (a answer) VisitListClientsResponse(w http.ResponseWriter) error        { return a.send(w) }
func (a answer) VisitCreateClientResponse(w http.ResponseWriter) error       { return a.send(w) }
func (a answer) VisitGetClientResponse(w http.ResponseWriter) error          { return a.send(w) }
func (a answer) VisitDeleteClientResponse(w http.ResponseWriter) error       { return a.send(w) }
func (a answer) VisitRotateClientSecretResponse(w http.ResponseWriter) error { return a.send(w) }
func (a answer) VisitGetUserResponse(w http.ResponseWriter) error            { return a.send(w) }
func (a answer) VisitUpdateUserResponse(w http.ResponseWriter) error         { return a.send(w) }
func (a answer) VisitDeleteUserResponse(w http.ResponseWriter) error         { return a.send(w) }
func (a answer) VisitRestoreUserResponse(w http.ResponseWriter) error        { return a.send(w) }
func (a answer) VisitListAddressesResponse(w http.ResponseWriter) error      { return a.send(w) }
func (a answer) VisitCreateAddressResponse(w http.ResponseWriter) error      { return a.send(w) }
func (a answer) VisitGetAddressResponse(w http.ResponseWriter) error         { return a.send(w) }
func (a answer) VisitUpdateAddressResponse(w http.ResponseWriter) error      { return a.send(w) }
func (a answer) VisitDeleteAddressResponse(w http.ResponseWriter) error      { return a.send(w) }
func (a answer) VisitListUserPostsResponse(w http.ResponseWriter) error      { return a.send(w) }
func (a answer) VisitCreatePostResponse(w http.ResponseWriter) error         { return a.send(w) }
func (a answer) VisitUpdatePostResponse(w http.ResponseWriter) error         { return a.send(w) }
func (a answer) VisitDeletePostResponse(w http.ResponseWriter) error         { return a.send(w) }
func (a answer) VisitListPostsResponse(w http.ResponseWriter) error          { return a.send(w) }
func (a answer) VisitGetPostResponse(w http.ResponseWriter) error            { return a.send(w) }
func (a answer) VisitGetHealthResponse(w http.ResponseWriter) error          { return a.send(w) }
func (a answer) VisitGetReadinessResponse(w http.ResponseWriter) error       { return a.send(w) }
